using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CampaignManager.Application.Tests.Data;

public sealed class NewsTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tell_OnOneNode_IsHeardOnAllOnce_AndAfterALostConnectionAllIsReadAgain()
    {
        var database = await server.NewDatabaseAsync();
        using var one = Over(database);
        using var other = Over(database);
        var (here, there, silent) = (new Heard(one, "run"), new Heard(other, "run"), new Heard(other, "settings"));
        await one.StartAsync(Stop);
        await other.StartAsync(Stop);
        // Both say so once they listen: what is told before reaches nobody.
        await here.NextAsync(null);
        await there.NextAsync(null);
        one.Tell("run", "a");
        Assert.Equal("a", await here.NextAsync("a"));
        Assert.Equal("a", await there.NextAsync("a"));

        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(Stop);
            await using var end = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'CampaignManager news' AND datname = current_database()",
                connection);
            await end.ExecuteNonQueryAsync(Stop);
        }

        await there.NextAsync(null);
        one.Tell("run", "b");
        Assert.Equal("b", await there.NextAsync("b"));
        Assert.Single(here.All, "a");
        Assert.Single(there.All, "a");
        Assert.DoesNotContain("a", silent.All);
        await one.StopAsync(Stop);
        await other.StopAsync(Stop);
    }

    [Fact]
    public async Task Save_OfWhatIsTold_TellsAfterTheCommitOnly()
    {
        using var database = await ADatabase.EmptyAsync();
        var news = new LocalNews();
        List<string?> told = [];
        using var listening = news.Listen(ShopSettings.Topic, told.Add);
        var builder = new DbContextOptionsBuilder<AppDbContext>();
        await using (var plain = database.CreateDbContext())
            builder.UseSqlite(plain.Database.GetConnectionString()).AddInterceptors(new ChangeNews(news));

        await using (var context = new AppDbContext(builder.Options))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Stop);
            context.ShopSettings.Add(new ShopSettings { Currency = "EUR" });
            await context.SaveChangesAsync(Stop);
            Assert.Empty(told);
            await transaction.RollbackAsync(Stop);
        }

        Assert.Empty(told);
        await using (var context = new AppDbContext(builder.Options))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Stop);
            context.ShopSettings.Add(new ShopSettings { Currency = "EUR" });
            await context.SaveChangesAsync(Stop);
            await transaction.CommitAsync(Stop);
            Assert.Single(told);
            context.ShopSettings.Local.Single().Currency = "CNY";
            await context.SaveChangesAsync(Stop);
            Assert.Equal(2, told.Count);
        }
    }

    [Fact]
    public void Notifier_OfOneRun_HearsOfThatRunAndOfEverything()
    {
        var news = new LocalNews();
        using var notifier = new JobNotifier(news);
        var (mine, all) = (0, new List<Guid>());
        var (run, other) = (Guid.NewGuid(), Guid.NewGuid());
        using var everything = notifier.Subscribe(all.Add);
        using (notifier.Subscribe(run, () => mine++))
        {
            notifier.Changed(other);
            Assert.Equal(0, mine);
            notifier.Changed(run);
            Assert.Equal(1, mine);
            news.Deliver(null, null);
            Assert.Equal(2, mine);
        }

        notifier.Changed(run);
        Assert.Equal(2, mine);
        Assert.Equal([other, run, Guid.Empty, run], all);
    }

    private static PostgresNews Over(DatabaseOptions database) =>
        new(Options.Create(database), TimeProvider.System, NullLogger<PostgresNews>.Instance);

    /// <summary>What came in of a topic, to be waited for in its order.</summary>
    private sealed class Heard
    {
        private readonly System.Threading.Channels.Channel<string?> heard = System.Threading.Channels.Channel.CreateUnbounded<string?>();
        private readonly List<string?> all = [];

        public Heard(INews news, string topic) => news.Listen(topic, id =>
        {
            lock (all)
                all.Add(id);
            heard.Writer.TryWrite(id);
        });

        public IReadOnlyList<string?> All
        {
            get
            {
                lock (all)
                    return [.. all];
            }
        }

        public async Task<string?> NextAsync(string? wanted)
        {
            while (true)
            {
                if (await heard.Reader.ReadAsync(Stop).AsTask().WaitAsync(Patience, Stop) is var id && id == wanted)
                    return id;
            }
        }
    }
}
