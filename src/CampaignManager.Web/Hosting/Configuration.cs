namespace CampaignManager.Web.Hosting;

public static class Configuration
{
    /// <summary>
    /// Settings are read at the start. To notice changes of a file in the working directory, the host would watch all that lies
    /// below it, the database and the lake too: every write there would wake it.
    /// </summary>
    public const string ReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    private static readonly string[] PathKeys = ["Database:Path", "Lake:Path", "Models:Path", "Security:MasterKeyPath"];

    /// <summary>
    /// The shared appsettings.json is copied beside the binary, because the content root depends on where the app is started.
    /// It ranks lowest, so that environment variables and the command line win. Relative data paths are anchored at the clone's top
    /// (the folder of the solution) when there is one, else at the working directory.
    /// </summary>
    public static void AddConfigurationBesideTheBinary(this WebApplicationBuilder builder, string[] args)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        if (File.Exists(file))
        {
            var bundled = new ConfigurationBuilder().AddJsonFile(file).Build();
            builder.Configuration.Sources.Insert(0, new ChainedConfigurationSource { Configuration = bundled });
        }

        var root = FindTop(Directory.GetCurrentDirectory());
        var anchored = PathKeys
            .Where(key => builder.Configuration[key] is { Length: > 0 } path && !Path.IsPathRooted(path))
            .Select(key => KeyValuePair.Create(key, (string?)Path.GetFullPath(Path.Combine(root, builder.Configuration[key]!))))
            .ToList();
        builder.Configuration.AddInMemoryCollection(anchored);
    }

    /// <summary>
    /// The pages' files beside the binary, where the app was published: looked for from the working directory, as by default, they come back
    /// empty when the app is started from anywhere else. Null for a build's output, whose manifest knows where they lie.
    /// </summary>
    /// <param name="folder">Of the binary.</param>
    public static string? PublishedWebRoot(string folder)
    {
        var root = Path.Combine(folder, "wwwroot");
        return Directory.Exists(root) && !File.Exists(Path.Combine(folder, "CampaignManager.Web.staticwebassets.runtime.json")) ? root : null;
    }

    private static string FindTop(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
                return folder.FullName;
        }

        return start;
    }
}
