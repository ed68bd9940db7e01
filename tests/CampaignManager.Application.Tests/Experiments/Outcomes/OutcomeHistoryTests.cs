using System.Text.Json;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Experiments.Outcomes;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Erasure;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.Tests.Data;
using CampaignManager.Application.Tests.ShopData.Writing;
using CampaignManager.Engine.Offers;
using static CampaignManager.Application.Tests.ShopData.Writing.AWriter;

namespace CampaignManager.Application.Tests.Experiments.Outcomes;

/// <summary>After any order of imports, late rows, repeats, corrections, returns, undo and erasure what was counted bit by bit is what a count of all that is left gives.</summary>
public class OutcomeHistoryTests
{
    private const int People = 24, Orders = 30;

    private static readonly DateTime Launch = Start.AddDays(-60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(2026)]
    public async Task Read_AfterAnyHistory_IsWhatACountOfAllGives(int seed)
    {
        var random = new Random(seed);
        using var a = new AWriter(buckets: 3);
        using var database = await ADatabase.EmptyAsync();
        var campaign = await CampaignAsync(database, seed % 2 == 0 ? Launch.AddDays(10) : null);
        var clock = Clocks.At("2026-01-10T12:00:00Z");
        var imports = new List<(Guid Id, List<ReadRow> Rows)>();
        await WriteAsync(a, imports, 0, [.. Enumerable.Range(0, People).SelectMany(i => Person(random, campaign, i))]);
        using var kept = AShopWithCampaigns.OutcomesOf(a.Lake, database, clock);
        var answers = new HashSet<string>(StringComparer.Ordinal);
        for (var step = 1; step <= 16; step++)
        {
            var what = random.Next(12);
            if (what < 7)
                await WriteAsync(a, imports, step, random.Next(4) == 0 ? imports[random.Next(imports.Count)].Rows : Rows(random, campaign));
            else if (what < 9)
                await a.Writer.UndoAsync(imports[random.Next(1, imports.Count + 1) % imports.Count].Id, Cancel);
            else if (what == 9)
                await new LakeCompaction(a.Lake, TimeProvider.System).RunAsync(Cancel);
            else
                await EraseAsync(a, "C" + random.Next(People));
            if (random.Next(3) == 0)
                clock.Advance(TimeSpan.FromDays(random.Next(1, 12)));
            if (random.Next(3) > 0)
                answers.Add(await SameAsync(a, database, kept, campaign, clock));
        }

        // A walk on which nothing happens shows nothing.
        Assert.True(answers.Count > 4, $"{answers.Count} different answers.");
    }

    [Fact]
    public async Task Read_RowsOfOneBucketChange_OnlyItsFilesAreMadeAgain()
    {
        using var a = new AWriter(buckets: 4);
        using var database = await ADatabase.EmptyAsync();
        var campaign = await CampaignAsync(database, Launch.AddDays(10));
        await a.WriteAsync(Guid.NewGuid(), Start, Enumerable.Range(0, People).SelectMany(i => Person(new Random(i), campaign, i)));
        await a.WriteAsync(Guid.NewGuid(), Start, [Order("O1", "C1", Launch.AddDays(2)), Order("O2", "C2", Start)]);
        using var outcomes = AShopWithCampaigns.OutcomesOf(a.Lake, database, Clocks.At("2026-01-10T12:00:00Z"));
        await outcomes.ReadAsync(campaign, Cancel);
        var before = Files(a);

        await a.WriteAsync(Guid.NewGuid(), Start.AddDays(1), [Order("O3", "C5", Launch.AddDays(3), price: 7_000)]);
        var sums = (await outcomes.ReadAsync(campaign, Cancel))!;

        Assert.Equal(2, sums.Epochs[0].Readings[0].Arms.Sum(x => (int)x.Metrics[OutcomeMetric.Orders].Sum));
        var made = Files(a).Except(before).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, f => Assert.Contains($"bucket={CustomerBucket.Of("C5", 4)}/", f, StringComparison.Ordinal));
    }

    private static async Task<string> SameAsync(AWriter a, ADatabase database, OutcomeService kept, Guid campaign, TimeProvider clock)
    {
        var counted = JsonSerializer.Serialize(await kept.ReadAsync(campaign, Cancel), OutcomeJson.Options);
        var (home, aside) = (a.Lake.PathTo(OutcomeFiles.Home), a.Lake.PathTo("aside"));
        Directory.Move(home, aside);
        // What was fixed at launch stays fixed.
        var frozen = Path.Combine(OutcomeFiles.FolderOf(campaign)[(OutcomeFiles.Home.Length + 1)..], "frozen.json");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(home, frozen))!);
        File.Copy(Path.Combine(aside, frozen), Path.Combine(home, frozen));
        using (var fresh = AShopWithCampaigns.OutcomesOf(a.Lake, database, clock))
            Assert.Equal(JsonSerializer.Serialize(await fresh.ReadAsync(campaign, Cancel), OutcomeJson.Options), counted);
        Directory.Delete(home, recursive: true);
        Directory.Move(aside, home);
        return counted;
    }

    private static async Task EraseAsync(AWriter a, string person)
    {
        await a.Writer.EraseAsync(person, Cancel);
        new DerivedErasure(a.Lake).Run([person], Cancel);
        foreach (var file in Files(a))
            Assert.Empty(a.Rows($"SELECT customer_id FROM {a.Lake.SourceOf(file)} WHERE customer_id = '{person}'"));
    }

    private static List<string> Files(AWriter a) => !Directory.Exists(a.Lake.PathTo(OutcomeFiles.Home)) ? [] :
    [
        .. Directory.GetFiles(a.Lake.PathTo(OutcomeFiles.Home), "*.parquet", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(a.Lake.Root, f)).Order(StringComparer.Ordinal),
    ];

    private static async Task WriteAsync(AWriter a, List<(Guid Id, List<ReadRow> Rows)> imports, int step, List<ReadRow> rows)
    {
        var id = Guid.NewGuid();
        await a.WriteAsync(id, Start.AddHours(step), rows);
        imports.Add((id, rows));
    }

    private static async Task<Guid> CampaignAsync(ADatabase database, DateTime? ends)
    {
        var rules = new CampaignRules { Scope = new Scope { Include = new ScopeSelector { Skus = ["S1"] } } };
        var campaign = new Campaign
        {
            Id = new Guid("7d9f2a44-8a1c-4f0e-9a55-000000000001"),
            Name = "Walk",
            Status = CampaignStatus.Live,
            RulesJson = RulesJson.Write(rules),
            OfferType = rules.Offer.Type,
            Currency = "EUR",
            OwnerId = "mia",
            OwnerName = "Mia",
            HoldoutSalt = "salt",
            LaunchedAt = Launch,
            StartsAt = Launch,
            EndsAt = ends,
            LaunchedHoldoutShare = 0.5,
        };
        await using var context = database.CreateDbContext();
        context.Campaigns.Add(campaign);
        await context.SaveChangesAsync();
        return campaign.Id;
    }

    private static IEnumerable<ReadRow> Person(Random random, Guid campaign, int i)
    {
        yield return new CustomerRow("C" + i, 0) { JoinedAt = Launch.AddDays(-random.Next(400)), Region = "r" + (i % 3) };
        yield return Exposure(random, campaign, i, 1);
    }

    private static ExposureRow Exposure(Random random, Guid campaign, int i, int epoch) => new(campaign.ToString("D"), "C" + i, i % 2, 0)
    {
        AssignedAt = Launch.AddDays(epoch == 1 ? random.Next(3) : 20 + random.Next(3)),
        Propensity = epoch == 1 ? 0.5 : 0.75,
        Randomised = true,
        Epoch = epoch,
    };

    private static List<ReadRow> Rows(Random random, Guid campaign)
    {
        var rows = new List<ReadRow>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var (id, lines) = ("O" + random.Next(Orders), random.Next(1, 3));
            rows.Add(Order(id, random.Next(8) == 0 ? null : "C" + random.Next(People), Launch.AddDays(random.Next(-50, 70)), 100 * random.Next(1, 60)) with
            {
                Status = random.Next(6) == 0 ? OrderStatus.Cancelled : OrderStatus.Counted,
                Lines = [.. Enumerable.Range(0, lines).Select(l => new OrderLineRow(l, "S" + random.Next(3), random.Next(1, 4), 100 * random.Next(1, 60)) { UnitCostMinor = random.Next(2) == 0 ? 70 : null })],
                Refunds = random.Next(3) == 0 ? [new RefundRow(null, id, random.Next(2) == 0 ? 0 : null, Launch.AddDays(80), RefundTime.File, 33 * random.Next(1, 9)) { Quantity = random.Next(2) == 0 ? 1 : null }] : [],
            });
        }

        if (random.Next(5) == 0)
            rows.Add(Exposure(random, campaign, random.Next(People), random.Next(1, 3)));
        if (random.Next(4) == 0)
            rows.Add(new CustomerRow("C" + random.Next(People), 0) { Region = "r" + random.Next(4), MemberTier = "t" + random.Next(2) });
        return rows;
    }
}
