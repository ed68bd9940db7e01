using CampaignManager.Application.Accounts;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Data;
using CampaignManager.Application.Demo;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Planning;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Planning;

/// <summary>A demo shop with a trained model in a folder of its own, and the truth behind it.</summary>
internal sealed class PlannedShop : IAsyncDisposable
{
    public static readonly Actor Marketer = Actor.Of("m", "Mia", Roles.Marketer);
    private static readonly DateOnly End = new(2026, 7, 1);
    private readonly string folder = Path.Combine(Path.GetTempPath(), "cm-plan-" + Guid.NewGuid().ToString("N"));
    private readonly ServiceProvider services;

    private PlannedShop(DemoWorld world, Action<IServiceCollection>? more)
    {
        World = world;
        Truth = new DemoTruth(world);
        Clock = new FakeTimeProvider(world.Calendar.Midnight(world.Calendar.Days));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Path"] = Path.Combine(folder, "app.db"),
            ["Lake:Path"] = Path.Combine(folder, "lake"),
            ["Models:Path"] = Path.Combine(folder, "models"),
            ["Demo:Enabled"] = "false",
        }).Build();
        var collection = new ServiceCollection();
        collection.AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(Clock)
            .AddCampaignManager(configuration);
        more?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public DemoWorld World { get; }

    public FakeTimeProvider Clock { get; }

    public DemoTruth Truth { get; }

    public static async Task<PlannedShop> OpenAsync(
        int customers, long seed, ResponseShape? shape = null, string? learner = "t", Tender? tender = null,
        Action<IServiceCollection>? more = null)
    {
        var shop = new PlannedShop(new DemoWorld(new DemoOptions { Customers = customers, Seed = seed }, End, shape), more);
        Directory.CreateDirectory(shop.folder);
        await using (var context = await shop.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync())
            await context.Database.EnsureCreatedAsync();
        await new DemoGenerator(shop.Get<DataLake>()).WriteAsync(shop.World, _ => { }, CancellationToken.None);
        await ActivatorUtilities.CreateInstance<DemoCampaignRows>(shop.services).WriteAsync(shop.World, CancellationToken.None);
        if (tender is not null)
            await tender.PutAsync(shop.services);
        // Without a learner nothing is trained, and the table to learn from is made here.
        var scope = learner is null ? FeatureScope.All : FeatureScope.Current;
        var asOf = shop.World.Calendar.Midnight(shop.World.Calendar.Days);
        await shop.Get<FeatureService>().ComputeAsync(asOf, scope, null, CancellationToken.None);
        if (learner is not null)
            await shop.TrainAsync(learner);
        return shop;
    }

    public static Actor Admin { get; } = Actor.Of("a", "Ada", Roles.Admin);

    public async Task<Guid> TrainAsync(string learner = "t")
    {
        var started = await Get<TrainingService>().StartAsync(new TrainingRequest(Learner: learner), Admin, CancellationToken.None);
        var run = await RunAsync(started.Value);
        return run.State == JobState.Succeeded ? run.Id : throw new InvalidOperationException(run.Error);
    }

    public async Task<JobRun> RunAsync(Guid id)
    {
        await Get<JobRunner>().ExecuteAsync(id, CancellationToken.None);
        return (await Get<JobService>().FindAsync(id, CancellationToken.None))!;
    }

    public IServiceProvider Services => services;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<CampaignPrediction> PredictAsync(CampaignRules rules) => (await Get<PredictionService>().PredictAsync(rules, CancellationToken.None)).Value;

    /// <summary>The story to tell: a full reduction for new customers, on one category that they do not care for.</summary>
    public static CampaignRules NewCustomersShoes { get; } = new()
    {
        Offer = new FullReduction { Tiers = [new SpendTier(200, 30)] },
        Scope = new Scope { Include = new ScopeSelector { Categories = ["shoes"] } },
        Audience = new Audience { AnyOf = ["new"] },
        Experiment = new ExperimentPlan { HoldoutPercent = 20 },
    };

    /// <summary>A draft of <see cref="NewCustomersShoes"/> and what is suggested for it.</summary>
    public async Task<(Guid Id, SuggestionList List)> DraftAsync()
    {
        var id = (await Get<CampaignService>().CreateDraftAsync("Newcomers, shoes", NewCustomersShoes, Marketer, CancellationToken.None)).Value;
        return (id, (await Get<SuggestionService>().ListAsync(id, null, CancellationToken.None)).Value);
    }

    /// <summary>What a campaign for new customers would really earn.</summary>
    public double TrueNet(CampaignRules rules) =>
        Truth.For(rules).Where(r => r.Lifecycle == Lifecycle.New).Sum(r => r.Net) * (1 - ((double)rules.Experiment.HoldoutPercent / 100));

    /// <summary>Each segment's predicted and true uplift, and the half-width an oracle's 90 % interval would have: it knows every p0 and p1 and so only the draw of outcomes is left.</summary>
    public async Task<IReadOnlyList<SegmentCheck>> CheckAsync(CampaignRules rules)
    {
        var prediction = await PredictAsync(rules);
        var truth = Truth.For(rules, baskets: 0).ToDictionary(r => r.CustomerId);
        using var connection = Get<DataLake>().Open();
        var now = connection.Query(
            $"SELECT customer_id, c_lifecycle, c_favourite FROM {Get<DataLake>().SourceOf(CustomerFeatures.CurrentFile)}",
            r => (Id: r.GetString(0), Lifecycle: r.GetString(1), Favourite: r.IsDBNull(2) ? null : "favourite:" + r.GetString(2)));
        var rows = connection.Query(
            $"""
            SELECT c_lifecycle, count(*) FROM read_parquet('{TableFile}') GROUP BY 1
            UNION ALL SELECT 'favourite:' || c_favourite, count(*) FROM read_parquet('{TableFile}') WHERE c_favourite IS NOT NULL GROUP BY 1
            """,
            r => (Key: r.GetString(0), Count: r.GetInt64(1))).ToDictionary(r => r.Key, r => r.Count);
        return
        [
            .. prediction.Segments.Where(s => s.Size >= 100).Select(s =>
            {
                var members = now.Where(c => c.Lifecycle == s.Segment || c.Favourite == s.Segment).Select(c => truth[c.Id]).ToList();
                var noise = members.Average(m => (m.P1 * (1 - m.P1) / (1 - DemoCampaign.Holdout)) + (m.P0 * (1 - m.P0) / DemoCampaign.Holdout));
                return new SegmentCheck(s.Segment, s.Uplift, s.UpliftLow, s.UpliftHigh, members.Average(m => m.Uplift), Normal.Quantile(0.95) * Math.Sqrt(noise / rows[s.Segment]));
            }),
        ];
    }

    public string TableFile => Get<DataLake>().PathTo($"{UpliftTableManifest.ShopFolder}/{UpliftTableManifest.TableFile}");

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A segment's prediction beside its truth.</summary>
internal sealed record SegmentCheck(string Segment, double Predicted, double Low, double High, double Truth, double OracleHalf)
{
    public bool Covers => Low <= Truth && Truth <= High;

    public double Half => (High - Low) / 2;

    /// <summary>Spearman's rank correlation of prediction and truth.</summary>
    public static double RankCorrelation(IReadOnlyList<SegmentCheck> checks)
    {
        double[] Ranks(Func<SegmentCheck, double> by)
        {
            var order = checks.Select((c, i) => (Value: by(c), i)).OrderBy(p => p.Value).ToArray();
            var ranks = new double[checks.Count];
            for (var r = 0; r < order.Length; r++)
                ranks[order[r].i] = r;
            return ranks;
        }

        var (a, b) = (Ranks(c => c.Predicted), Ranks(c => c.Truth));
        var n = (double)checks.Count;
        return 1 - (6 * a.Zip(b).Sum(p => (p.First - p.Second) * (p.First - p.Second)) / (n * ((n * n) - 1)));
    }
}
