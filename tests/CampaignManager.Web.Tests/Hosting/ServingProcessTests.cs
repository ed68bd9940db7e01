using CampaignManager.Application.Data;

namespace CampaignManager.Web.Tests.Hosting;

/// <summary>Beside SQLite one process serves; whoever comes second is told why it must not.</summary>
public sealed class ServingProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cm-serving-").FullName;

    [Fact]
    public async Task Start_BesideSqlite_OneServes_ASecondEndsWithASentence_ACommandRuns()
    {
        await using var first = new AppProcess(Database, folder);
        await first.StartAsync();
        await using var second = new AppProcess(Database, folder);
        var (code, error) = await second.RunToEndAsync();
        Assert.Equal(2, code);
        Assert.StartsWith("Another process already serves the database", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        await using var command = new AppProcess(Database, folder, "create-api-key", "--name", "beside", "--scopes", "all");
        Assert.Equal(0, (await command.RunToEndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("worker")]
    public async Task Start_InARoleBesideSqlite_EndsWithASentence(string role)
    {
        await using var app = new AppProcess(Database, folder, "--Role", role);
        var (code, error) = await app.RunToEndAsync();
        Assert.Equal(2, code);
        Assert.StartsWith($"Role={role} needs several processes", error, StringComparison.Ordinal);
    }

    private DatabaseOptions Database => new() { Path = Path.Combine(folder, "app.db") };

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
