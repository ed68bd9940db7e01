using System.Globalization;
using System.Text;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Experiments;
using CampaignManager.Application.FirstSteps;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Imports;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.FirstSteps;

/// <summary>A shop that brings its orders and its past campaigns as files. Its customers come to 14 days after each campaign with a share that the campaign moves.</summary>
internal sealed class APastShop : IAsyncDisposable
{
    /// <summary>Share of those held back who order within the 14 days.</summary>
    public const double Anyway = 0.2;

    private readonly AnImportRoom room = new();

    public AnImportRoom Room => room;

    /// <summary>The newest import of each kind.</summary>
    public Dictionary<string, Guid> Brought { get; } = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static DateTime Day(int campaign) => new(2025, 3 * campaign, 3, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Campaigns one to so many, one of them per quarter.</summary>
    public async Task BringAsync(IReadOnlyList<APastCampaign> campaigns, int customers = 1_200)
    {
        await BringAsync("orders", """{ "currency": "CNY", "zone": "UTC" }""", ("orders.csv", Orders(campaigns, customers)));
        await BringAsync("campaigns", """{ "zone": "UTC" }""", ("campaigns.csv", Campaigns(campaigns)));
        await BringAsync("exposures", """{ "zone": "UTC" }""", ("groups.csv", Groups(campaigns, customers)));
    }

    public async Task<ImportView> BringAsync(string kind, string mapping, params (string Name, string Text)[] files)
    {
        var import = await TryAsync(kind, mapping, files);
        Brought[kind] = import.Id;
        Assert.True(import.State == ImportState.Succeeded, $"{kind}: {import.State} {import.RefusalCode} {string.Join(", ", import.Questions.Select(q => q.Message))} {import.Error}");
        return import;
    }

    public async Task<ImportView> TryAsync(string kind, string mapping, params (string Name, string Text)[] files)
    {
        var id = (await room.Imports.UploadAsync(AnImportRoom.Marketer, files[0].Name, Bytes(files[0].Text), Stop, kind)).Value;
        foreach (var (name, text) in files.Skip(1))
            Assert.True((await room.Imports.AddFileAsync(AnImportRoom.Marketer, id, name, Bytes(text), Stop)).Succeeded);
        var started = await room.Imports.StartAsync(AnImportRoom.Marketer, id, ShopMappingJson.Parse(kind, mapping).Value, Stop);
        Assert.True(started.Succeeded, started.Failure?.ToString());
        return await room.RunAsync(id);
    }

    public Task<IReadOnlyList<PastCampaignReading>> ReadAsync() => room.Get<PastCampaignReader>().ListAsync(Stop);

    public async Task<FirstStepsReport> ReportAsync() => (await room.Get<FirstStepsService>().ReadAsync(FirstStepsService.Usual, Stop)).Value;

    public async Task<IReadOnlyList<CampaignRow>> CampaignsAsync() =>
        (await room.Get<CampaignList>().ListAsync(new CampaignFilter(), new PageRequest(PageSize: 100), Stop)).Items;

    /// <summary>Rows to learn from, by the name of their campaign; empty where there is no table.</summary>
    public async Task<IReadOnlyDictionary<string, int>> LearntFromAsync()
    {
        await room.Get<FeatureService>().ComputeAsync(new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc), FeatureScope.All, null, Stop);
        if (!File.Exists(room.Lake.PathTo($"{TrainingTable.Folder}/{UpliftTableManifest.TableFile}")))
            return new Dictionary<string, int>();
        var table = await new UpliftTableReader(room.Lake).ReadAsync(TrainingTable.Folder, Stop);
        var names = (await CampaignsAsync()).ToDictionary(c => c.Id.ToString(), c => c.Name);
        return table.CampaignIds.GroupBy(c => c).ToDictionary(g => names[g.Key], g => g.Count());
    }

    /// <summary>The shop's own model over its past campaigns.</summary>
    public async Task<Guid> TrainAsync()
    {
        var done = await TrainAsync(new TrainingRequest(Outcome: "converted", Learner: "t", Base: "linear", Seed: 1));
        Assert.True(done.Result is not null, done.Run.Error);
        return done.Result.ModelId;
    }

    public async Task<TrainingRunView> TrainAsync(TrainingRequest request)
    {
        var run = (await room.Get<TrainingService>().StartAsync(request, Actor.Of("a", "Ada", Roles.Admin), Stop)).Value;
        await room.Get<JobRunner>().ExecuteAsync(run, Stop);
        return (await room.Get<TrainingService>().FindAsync(run, Stop)).Value;
    }

    public static string Groups(IEnumerable<APastCampaign> campaigns, int customers)
    {
        var csv = new StringBuilder("campaign,customer,group,assigned_at,p_treated\n");
        foreach (var c in campaigns)
        {
            for (var i = 0; i < customers; i++)
                csv.Append(CultureInfo.InvariantCulture, $"{c.Id},C{i},{(c.Gets(i) ? "treated" : "control")},{Day(c.Number):s}Z,{c.Chance}\n");
        }

        return csv.ToString();
    }

    public static string Campaigns(IEnumerable<APastCampaign> campaigns) => "campaign_id,name,offer,start_date,end_date,attribution_days\n"
        + string.Concat(campaigns.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Id},{c.Name},{c.Offer},{Day(c.Number):yyyy-MM-dd},{Day(c.Number).AddDays(6):yyyy-MM-dd},14\n")));

    // Everybody ordered once the year before, some twice; then in each campaign's window with their chance.
    public static string Orders(IReadOnlyList<APastCampaign> campaigns, int customers)
    {
        var random = new Random(customers);
        var csv = new StringBuilder("order_id,order_date,customer_id,total\n");
        for (var i = 0; i < customers; i++)
        {
            Add(i, new DateTime(2024, 6, 1).AddDays(random.Next(240)));
            foreach (var n in Enumerable.Range(0, APastCampaign.IsHeavy(i) && campaigns.Any(c => c.OnHeavy is not null) ? 6 : 0))
                Add(i, new DateTime(2024, 7, 1).AddDays(20 * n));
            foreach (var c in campaigns.Where(c => random.NextDouble() < c.Before(c.Gets(i))))
                Add(i, Day(c.Number).AddDays(-1 - random.Next(28)));
            foreach (var c in campaigns.Where(c => random.NextDouble() < Anyway + (c.Gets(i) ? c.On(i) : 0)))
                Add(i, Day(c.Number).AddDays(random.Next(14)));
        }

        // Recorded until well after the last campaign.
        Add(customers, new DateTime(2026, 5, 1));
        return csv.ToString();

        void Add(int customer, DateTime day) => csv.Append(
            CultureInfo.InvariantCulture, $"O{csv.Length},{day.AddMinutes(random.Next(1440)):yyyy-MM-ddTHH:mm:ss}Z,C{customer},{100 + (50 * random.Next(6))}.00\n");
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    public ValueTask DisposeAsync() => room.DisposeAsync();
}

/// <summary>A campaign of the past and what is true of it.</summary>
/// <param name="Number">1..: its quarter of 2025.</param>
/// <param name="Chance">To get it, as its file says.</param>
/// <param name="Effect">Share of 1 by which it moves who gets it.</param>
/// <param name="Drawn">Chance to get it, as it was drawn; null: as said.</param>
/// <param name="Ahead">Share by which those who got it ordered more in the four weeks before.</param>
/// <param name="Offer">As its file says it.</param>
/// <param name="OnHeavy">The effect on those who ordered often the year before, half of all; null: on all alike, and nobody did.</param>
internal sealed record APastCampaign(
    int Number, double Effect = 0.15, double Chance = 0.5, double? Drawn = null, double Ahead = 0, string Offer = "200-30", double? OnHeavy = null)
{
    public static bool IsHeavy(int customer) => customer % 2 == 0;

    public double On(int customer) => OnHeavy is { } heavy && IsHeavy(customer) ? heavy : Effect;

    public string Id => $"camp-{Number}";

    public string Name => $"Campaign {Number}";

    public bool Gets(int customer) => Share(((ulong)customer * 0x9E3779B97F4A7C15) + ((ulong)Number * 0xD1B54A32D192ED03)) < (Drawn ?? Chance);

    public double Before(bool treated) => 0.1 + (treated ? Ahead : 0);

    // SplitMix64: draws of neighbouring customers and campaigns have nothing in common.
    private static double Share(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return ((x ^ (x >> 31)) >> 11) * Math.ScaleB(1, -53);
    }
}
