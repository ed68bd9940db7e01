using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;

namespace CampaignManager.Web.Accounts;

/// <summary><c>create-api-key --name ci --scopes all [--sandbox] [--origins https://shop.example]</c>: for scripts on the machine itself, before anyone has signed in.</summary>
public static class CreateApiKeyCommand
{
    public const string Name = "create-api-key";
    private const string Usage = "Usage: create-api-key --name <name> --scopes <scope[,scope...]> [--sandbox] [--origins <origin[,origin...]>]";
    private const int WrongUse = 2;

    /// <summary>Prints the key alone on the standard output; whatever else there is to say goes to the error output.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (Read(args) is not { } request)
        {
            await error.WriteLineAsync($"{Usage}{Environment.NewLine}Scopes: {string.Join(", ", Scopes.All)}");
            return WrongUse;
        }

        try
        {
            await services.GetRequiredService<DatabasePreparation>().RunAsync(cancellationToken);
        }
        catch (StartRefusedException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return StartRefusedException.ExitCode;
        }

        var created = await services.GetRequiredService<ApiKeyService>().CreateAsync(request, CommandLine, cancellationToken);
        if (!created.Succeeded)
        {
            await error.WriteLineAsync(created.Failure.Errors?.Values.FirstOrDefault()?.FirstOrDefault() ?? created.Failure.Message);
            return WrongUse;
        }

        await error.WriteLineAsync($"API key '{created.Value.Name}' ({string.Join(", ", request.Scopes)}). It is shown this once:");
        await output.WriteLineAsync(created.Value.Key);
        if (request.Scopes.Contains(Scopes.Ingest))
            await error.WriteLineAsync($"The secret that signs its tokens, shown this once: {services.GetRequiredService<PersonTokens>().SecretOf(created.Value.Id, 1)}");
        return 0;
    }

    /// <summary>Who can run the command owns the database file, so it acts as admin.</summary>
    private static Actor CommandLine => Actor.Of("command-line", "Command line", Roles.Admin);

    private static NewApiKey? Read(string[] args)
    {
        string? name = null, scopes = null, origins = null;
        var sandbox = false;
        for (var i = 1; i < args.Length; i++)
        {
            var (option, value) = args[i].IndexOf('=') is > 0 and var at ? (args[i][..at], args[i][(at + 1)..]) : (args[i], null);
            switch (option)
            {
                case "--name":
                    name = value ?? args.ElementAtOrDefault(++i);
                    break;
                case "--scopes":
                    scopes = value ?? args.ElementAtOrDefault(++i);
                    break;
                case "--origins":
                    origins = value ?? args.ElementAtOrDefault(++i);
                    break;
                case "--sandbox":
                    sandbox = true;
                    break;
                default:
                    // Settings such as --Database:Path are read by the configuration.
                    if (!option.Contains(':'))
                        return null;
                    if (value is null)
                        i++;
                    break;
            }
        }

        return name is null || scopes is null ? null : new NewApiKey(name, Words(scopes), sandbox) { Origins = Words(origins ?? "") };

        static string[] Words(string list) => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
