using System.Net;
using System.Net.Sockets;
using System.Reflection;
using CampaignManager.Application.Data;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>The app's own entry point with one setting wrong: it ends with 2 and one plain sentence that names the setting.</summary>
[Collection(nameof(BadSettingsTests))]
[CollectionDefinition(nameof(BadSettingsTests), DisableParallelization = true)]
public sealed class BadSettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cm-bad-");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Lake:Buckets", "abc", "Lake:Buckets must be a whole number that is not too large, not 'abc'.")]
    [InlineData("Lake:Buckets", "99999999999", "Lake:Buckets must be a whole number")]
    [InlineData("Lake:Buckets", "0", "Lake:Buckets must be between 1 and 1024.")]
    [InlineData("Lake:Threads", "-1", "Lake:Threads must be between 0 (all cores) and 256.")]
    [InlineData("Lake:MemoryLimit", "much", "Lake:MemoryLimit must be a number and a unit")]
    [InlineData("Lake:MemoryLimit", "0GB", "Lake:MemoryLimit must be at least 64MB")]
    [InlineData("Lake:Path", "", "Lake:Path is empty.")]
    [InlineData("Lake:Path", "{file}", "Lake:Path: the folder")]
    [InlineData("Models:Path", "", "Models:Path is empty.")]
    [InlineData("Models:Path", "{file}/models", "Models:Path: the folder")]
    [InlineData("Models:Path", "/proc/campaign-manager", "Models:Path: the folder")]
    [InlineData("Models:StaleAfterDays", "soon", "Models:StaleAfterDays must be a whole number")]
    [InlineData("Models:StaleAfterDays", "0", "Models:StaleAfterDays must be a number of days from 1 to 3650.")]
    [InlineData("Database:Provider", "Oracle", "Database:Provider must be 'Sqlite' or 'PostgreSql'.")]
    [InlineData("Database:Path", "", "Database:Path must name the SQLite file")]
    [InlineData("Database:Path", "{file}/app.db", "Database:Path: the folder")]
    [InlineData("Database:Path", "{folder}", "Database:Path: SQLite cannot use the file")]
    [InlineData("Database:Path", "{file}", "Database:Path: SQLite cannot use the file")]
    [InlineData("Demo:Enabled", "maybe", "Demo:Enabled must be true or false, not 'maybe'.")]
    [InlineData("Demo:EndDate", "never", "Demo:EndDate must be a date such as 2026-11-01, not 'never'.")]
    [InlineData("Demo:Customers", "12", "Demo:Customers must be between 1,000 and 2,000,000.")]
    [InlineData("Demo:Months", "x", "Demo:Months must be a whole number")]
    [InlineData("Demo:Seed", "x", "Demo:Seed must be a whole number")]
    [InlineData("Imports:MaxUploadBytes", "2GB", "Imports:MaxUploadBytes must be a whole number")]
    [InlineData("Imports:MaxUploadBytes", "9223372036854775807", "Imports:MaxUploadBytes must be 1 to 1000000000000")]
    [InlineData("Imports:MaxUnpackedBytes", "0", "Imports:MaxUnpackedBytes must be at least 1")]
    [InlineData("Imports:KeepUploadDays", "-1", "Imports:KeepUploadDays must be between 0 and 3650.")]
    [InlineData("Imports:MaxRejectLines", "x", "Imports:MaxRejectLines must be a whole number")]
    [InlineData("Api:RateLimitPerMinute", "x", "Api:RateLimitPerMinute must be a whole number")]
    [InlineData("Webhooks:AllowPrivateAddresses", "x", "Webhooks:AllowPrivateAddresses must be true or false")]
    [InlineData("Webhooks:TimeoutSeconds", "0", "Webhooks:TimeoutSeconds must be 1 to 60.")]
    [InlineData("SignIn:FailuresPerAddress", "x", "SignIn:FailuresPerAddress must be a whole number")]
    [InlineData("Proxy:Trusted", "10.0.0.0/8,proxy", "Proxy:Trusted must list addresses or networks")]
    [InlineData("Security:MasterKeyPath", "{file}", "is not a master key")]
    [InlineData("Security:MasterKeyPath", "{file}/key", "cannot be read or made")]
    [InlineData("Role", "both", "Role must be 'web', 'worker' or 'all', not 'both'.")]
    [InlineData("Role", "worker", "Role")]
    [InlineData("urls", "http://127.0.0.1:99999", "Set ASPNETCORE_URLS")]
    [InlineData("urls", "nonsense", "Set ASPNETCORE_URLS")]
    [InlineData("urls", "{taken}", "The address is in use by another program.")]
    [InlineData("Logging:LogLevel:Default", "Loud", "A level of Logging:LogLevel must be Trace")]
    [InlineData("Kestrel:Endpoints:Http:Port", "5", "Set ASPNETCORE_URLS")]
    public async Task Start_BadSetting_EndsWithOneSentenceAndCode2(string key, string value, string sentence)
    {
        var file = Path.Combine(folder.FullName, "in-the-way");
        await File.WriteAllTextAsync(file, "in the way", TestContext.Current.CancellationToken);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        value = value.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", folder.FullName, StringComparison.Ordinal)
            .Replace("{taken}", $"http://{taken.LocalEndpoint}", StringComparison.Ordinal);
        await EndsAsync(sentence, (key, value));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=x;Timeout=1", "PostgreSQL cannot be reached")]
    [InlineData("Hoost=x", "Database:ConnectionString cannot be read")]
    [InlineData("", "Database:ConnectionString must say how PostgreSQL is reached")]
    public async Task Start_BadConnectionString_EndsWithOneSentenceAndCode2(string connection, string sentence) =>
        await EndsAsync(sentence, ("Database:Provider", DatabaseOptions.PostgreSql), ("Database:ConnectionString", connection));

    private async Task EndsAsync(string sentence, params (string Key, string Value)[] wrong)
    {
        var settings = new Dictionary<string, string>
        {
            ["applicationName"] = typeof(Program).Assembly.GetName().Name!,
            ["urls"] = "http://127.0.0.1:0",
            ["Demo:Enabled"] = "false",
            ["Database:Path"] = Path.Combine(folder.FullName, "app.db"),
            ["Lake:Path"] = Path.Combine(folder.FullName, "lake"),
            ["Models:Path"] = Path.Combine(folder.FullName, "models"),
        };
        foreach (var (key, value) in wrong)
            settings[key] = value;
        var error = new StringWriter();
        var before = Console.Error;
        Console.SetError(TextWriter.Synchronized(error));
        try
        {
            string[] args = [.. settings.Select(s => $"--{s.Key}={s.Value}")];
            var ended = await Task.Run(() => (int)Main.Invoke(null, [args])!, TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Equal(StartRefusedException.ExitCode, ended);
        }
        finally
        {
            Console.SetError(before);
        }

        var said = error.ToString().TrimEnd();
        Assert.Contains(sentence, said);
        Assert.DoesNotContain('\n', said);
        Assert.DoesNotContain("   at ", said);
    }

    private static MethodInfo Main => typeof(Program).Assembly.EntryPoint!;
}
