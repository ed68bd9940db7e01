namespace CampaignManager.Engine.Tests;

/// <summary>Reference data beside the repository; tests that use them say so when they are not there.</summary>
internal static class SharedData
{
    public static string Golden(string file) => Path.Combine(Folder(), "golden", file);

    public static string File(string file) => Path.Combine(Folder(), file);

    public static void NeedsFile(string path) =>
        Assert.SkipUnless(System.IO.File.Exists(path), "The reference data (../shared/data beside the repository) are not on this machine.");

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "CampaignManager.sln")))
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
        }

        return "";
    }
}
