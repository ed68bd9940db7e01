using System.Globalization;
using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Codes;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Application.Data;
using CampaignManager.Application.Experiments.Enrolment;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Notifications;
using CampaignManager.Application.Offers;
using CampaignManager.Application.Settings;
using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.Campaigns;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.Lake;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>A shop with a real database and a lake in which people enter experiments; nothing happens by itself.</summary>
internal sealed class AnEnrolment : IAsyncDisposable
{
    private readonly ALake lake = new(buckets: 2);
    private readonly List<Node> nodes = [];

    private AnEnrolment(ADatabase database) => Database = database;

    public ADatabase Database { get; }

    public DataLake Lake => lake.Lake;

    public FakeTimeProvider Time { get; } = Clocks.At("2026-11-02T00:00:00Z");

    /// <summary>The first of the shop's processes.</summary>
    public Node First => nodes[0];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<AnEnrolment> OpenAsync(string provider, PostgresServer server)
    {
        var made = new AnEnrolment(await ADatabase.EmptyAsync(provider, server));
        made.Start();
        return made;
    }

    public static Task<AnEnrolment> OpenAsync() => OpenAsync(DatabaseOptions.Sqlite, null!);

    /// <summary>Another process on the same database and lake.</summary>
    public Node Start()
    {
        var node = new Node(this);
        nodes.Add(node);
        return node;
    }

    /// <summary>Launches a campaign for everybody, or for whom the rules say.</summary>
    public async Task<Guid> LaunchAsync(decimal holdout = 50, Audience? audience = null, string? code = null, bool endless = false)
    {
        var rules = CampaignFixture.Rules(end: endless ? null : "2026-12-31", budget: null, holdout: holdout) with { Audience = audience ?? new Audience(), Trigger = new Trigger { Code = code } };
        var campaigns = new CampaignService(Database, Time, NullLogger<CampaignService>.Instance);
        var id = (await campaigns.CreateDraftAsync("Autumn", rules, CampaignFixture.Mia, Stop)).Value;
        CampaignFixture.Done(await Transitions.SubmitAsync(id, CampaignFixture.Mia, Stop));
        CampaignFixture.Done(await Transitions.ApproveAsync(id, null, CampaignFixture.Max, Stop));
        CampaignFixture.Done(await Transitions.LaunchAsync(id, CampaignFixture.Max, Stop));
        return id;
    }

    public CampaignTransitions Transitions => new(Database, new NotificationNotifier(), Time);

    public static Cart Cart(string? customer, params string[] segments) => new()
    {
        Currency = "CNY",
        CustomerId = customer,
        Segments = segments,
        Lines = [new CartLine { Id = "1", Sku = "S-1", UnitPrice = 30_000 }],
    };

    /// <summary>Customers as the last computation described them: id, its segments, earlier orders, region.</summary>
    public void Describe(params (string Id, string Segments, int Orders, string? Region)[] customers)
    {
        using var connection = Lake.Open();
        var rows = string.Join(", ", customers.Select(c => string.Create(
            CultureInfo.InvariantCulture, $"('{c.Id}', {c.Orders}, {(c.Region is null ? "NULL" : $"'{c.Region}'")})")));
        Lake.WriteFile(connection, $"SELECT * FROM (VALUES {rows}) AS t(customer_id, x_orders, c_region)", CustomerFeatures.CurrentFile, Stop);
        var members = string.Join(", ", customers.SelectMany(c => c.Segments.Split(' ').Select(s => $"('{c.Id}', '{s}')")));
        Lake.WriteFile(connection, $"SELECT * FROM (VALUES {members}) AS t(customer_id, segment)", SegmentService.CurrentFile, Stop);
    }

    public async Task<List<Exposure>> ExposuresAsync()
    {
        await using var context = Database.CreateDbContext();
        return await context.Exposures.AsNoTracking().OrderBy(e => e.CustomerId).ThenBy(e => e.EpochId).ToListAsync(Stop);
    }

    public async Task<List<ExperimentEpoch>> EpochsAsync()
    {
        await using var context = Database.CreateDbContext();
        return await context.ExperimentEpochs.AsNoTracking().OrderBy(e => e.ExperimentId).ThenBy(e => e.Number).ToListAsync(Stop);
    }

    /// <summary>The lake's rows as text, each value by <c>|</c>.</summary>
    public List<string> InLake(string columns = "customer_id, epoch, arm")
    {
        using var connection = Lake.Open();
        return connection.Query($"SELECT concat_ws('|', {columns}) FROM {Lake.Source(LakeTable.Exposures)} ORDER BY ALL", r => r.GetString(0));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            node.Dispose();
        Database.Dispose();
        lake.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed class Node : IDisposable
    {
        private readonly WriterGate gate = new();
        private readonly GroupCommit commits;
        private readonly NeverEnrolled never;
        private readonly LiveOffers live;

        public Node(AnEnrolment shop)
        {
            commits = new GroupCommit(shop.Database, gate);
            Store = new ExposureStore(shop.Database, commits, gate, shop.Time);
            never = new NeverEnrolled(shop.Lake, shop.Time);
            live = new LiveOffers(shop.Database, new SettingsService(shop.Database), shop.Time);
            Door = new QuoteEnrolment(Store, never, shop.Time);
            Audience = new AudienceEnrolment(shop.Lake, shop.Database, Store, never, shop.Time);
            Compaction = new ExposureCompaction(shop.Database, new ShopWriter(shop.Lake, TimeProvider.System), shop.Lake, shop.Time);
            Turns = new EpochTurns(shop.Database, shop.Lake, shop.Time);
            Decisions = new DecisionService(live, new CustomerCampaigns(live, shop.Database, shop.Time), Door, shop.Time);
            var keys = new CallerIds(new SettingsService(shop.Database), new PersonKeys(shop.Database.Key()), shop.Time);
            Codes = new CodeService(shop.Database, gate, keys, shop.Time, async (campaign, customer, stop) =>
            {
                var offers = await live.CurrentAsync(stop);
                return await Door.EnterForCodeAsync(offers.ById.GetValueOrDefault(campaign.ToString()), offers, customer, stop);
            });
            Quotes = new QuoteService(live, new HeldUsage(shop.Database, shop.Time), shop.Database, shop.Time, Door.EnrolAsync);
        }

        public ExposureStore Store { get; }

        public QuoteEnrolment Door { get; }

        public AudienceEnrolment Audience { get; }

        public ExposureCompaction Compaction { get; }

        public EpochTurns Turns { get; }

        public QuoteService Quotes { get; }

        public DecisionService Decisions { get; }

        public CodeService Codes { get; }

        public async Task<Quote> QuoteAsync(Cart cart) => (await Quotes.QuoteAsync(cart, null, Explain.Full, Stop)).Quote;

        public void Dispose()
        {
            Compaction.Dispose();
            live.Dispose();
            never.Dispose();
            commits.Dispose();
            gate.Dispose();
        }
    }
}
