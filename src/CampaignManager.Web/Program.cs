using CampaignManager.Application;
using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Web;
using CampaignManager.Web.Access;
using CampaignManager.Web.Accounts;
using CampaignManager.Web.Events;
using CampaignManager.Web.Hosting;

// Before anything else: libgomp reads the environment when it loads.
NativeThreads.WaitQuietly();
try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = [Configuration.ReadOnce, .. args],
        WebRootPath = Configuration.PublishedWebRoot(AppContext.BaseDirectory),
    });
    builder.AddConfigurationBesideTheBinary(args);
    LineLog.AddTo(builder.Logging);
    // Run from the build's output in any environment; a published app has no manifest to load, so there it does nothing.
    builder.WebHost.UseStaticWebAssets();

    builder.Services.AddCampaignManager(builder.Configuration);
    builder.Services.AddAccounts(builder.Environment, builder.Configuration);
    builder.Services.AddProxy(builder.Configuration);
    builder.Services.AddPages();
    builder.Services.AddFeatures(Features.All);
    builder.Services.AddApi();
    builder.Services.AddSingleton<StartFolders>();
    builder.Services.AddHostedService<Startup>();

    if (args is [CreateApiKeyCommand.Name, ..])
    {
        // Nothing but the key on the standard output, so that a script can take it as it is.
        builder.Logging.ClearProviders();
        await using var offline = builder.Build();
        return await CreateApiKeyCommand.RunAsync(offline.Services, args, Console.Out, Console.Error, CancellationToken.None);
    }

    var app = builder.Build();

    app.MapHealth();
    if (app.Services.GetRequiredService<JobNode>().Role == NodeRole.Worker)
    {
        // A worker answers for its health only.
        app.MapFallback(() => Results.NotFound()).AllowAnonymous();
    }
    else
    {
        app.UseProxy();
        app.UseSecurityHeaders();
        app.UseOwnConnectionsOnly();
        app.UseFaults();
        app.UseApiProblems();
        app.UseTexts();
        app.UseStaticWebRoot();
        app.UsePageCalls();
        app.UseSignIn();
        app.UseAccountGate();
        app.UseAuthorization();
        app.UseApi();
        app.UseAntiforgery();
        app.UseJobsDashboard();

        app.MapFeatureRoutes();
        app.MapApi();
        app.MapPages();
    }

    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (StartSentence.Of(fault) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return StartRefusedException.ExitCode;
}

/// <summary>Named so that tests can host the app.</summary>
public partial class Program;
