using System.Globalization;
using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>An experiment as it was counted, and what it was counted of.</summary>
/// <param name="Inputs">Plan, rows, settings and how far is recorded, as a hash: the same gives the same sums but for the moment asked for.</param>
internal sealed record Evaluated(OutcomePlan Plan, string Inputs, ExperimentSums Sums);

/// <summary>Counts experiments bucket by bucket, in parts that any worker takes.</summary>
internal sealed class Evaluation(DataLake lake, JobParts parts)
{
    /// <summary>What the experiments' sums hang on as the lake stands.</summary>
    public sealed record Basis(DateTime AsOf, DateTime? Freshness, ShopSettings Shop, string Goods, IReadOnlyList<OutcomePlan> Plans, IReadOnlyList<string> Inputs);

    /// <summary>Looks at the lake; frozen figures that are not there yet are worked out and kept.</summary>
    public async Task<Basis> LookAsync(IReadOnlyList<OutcomePlan> plans, ShopSettings shop, DateTime asOf, CancellationToken cancel)
    {
        var frozen = new List<OutcomePlan>();
        foreach (var plan in plans)
            frozen.Add(await FreezeAsync(plan, shop, cancel));
        return await Task.Run(() => Look(frozen, shop, asOf), cancel);
    }

    /// <param name="basis">As it was looked at.</param>
    /// <param name="which">The plans that are counted, by their place.</param>
    /// <param name="run">Whose parts other workers may take; null counts all here.</param>
    /// <param name="report">Told the share done.</param>
    /// <param name="cancel">Stops; files already written stay.</param>
    public async Task<IReadOnlyList<Evaluated>> CountAsync(Basis basis, IReadOnlyList<int> which, JobContext? run, Func<double, Task> report, CancellationToken cancel)
    {
        if (which.Count == 0)
            return [];
        IReadOnlyList<OutcomePlan> plans = [.. which.Select(i => basis.Plans[i])];
        var folder = PartFolder.Of(lake, run?.RunId, EvaluateBucketPart.Work);
        try
        {
            await EvaluateBucketPart.WritePlansAsync(lake, folder.Path, plans, cancel);
            var asked = new EvaluateBuckets(folder.Path, basis.AsOf, basis.Freshness, basis.Shop, basis.Goods, OutcomeFiles.Hash(which.Select(i => basis.Inputs[i])));
            await parts.RunAsync<object?>(run, EvaluateBucketPart.Work, plans.Count * lake.Buckets, asked, report, cancel);
            var counted = await Task.Run(() => plans.Select((plan, i) => new Evaluated(plan, basis.Inputs[which[i]], Together(basis, plan, folder.Path, i))).ToList(), cancel);
            folder.Remove();
            return counted;
        }
        catch when (run is null)
        {
            folder.Remove();
            throw;
        }
    }

    private async Task<OutcomePlan> FreezeAsync(OutcomePlan plan, ShopSettings shop, CancellationToken cancel)
    {
        var file = $"{OutcomeFiles.FolderOf(plan.Experiment)}/frozen.json";
        if (!plan.IsImported && File.Exists(lake.PathTo(file)))
            return plan with { Frozen = JsonSerializer.Deserialize<MoneyFrozen>(await File.ReadAllTextAsync(lake.PathTo(file), cancel), OutcomeJson.Options)! };
        var frozen = await Task.Run(
            () =>
            {
                using var connection = lake.Open();
                return new MoneyHistory(lake, shop, plan).Read(connection, cancel);
            },
            cancel);
        if (!plan.IsImported)
            await lake.WriteTextAsync(JsonSerializer.Serialize(frozen, OutcomeJson.Options), file, cancel);
        return plan with { Frozen = frozen };
    }

    private Basis Look(IReadOnlyList<OutcomePlan> plans, ShopSettings shop, DateTime asOf)
    {
        using var connection = lake.Open(threads: 1);
        var freshness = Freshness(connection);
        var goods = OutcomeFiles.Goods(lake, connection);
        // Beyond what is recorded nothing can have changed but who was assigned since, and they come with rows of their own.
        var until = freshness < asOf ? freshness : asOf;
        return new Basis(asOf, freshness, shop, goods, plans, [.. plans.Select(plan =>
        {
            var files = new OutcomeFiles(lake, shop, plan);
            var counted = until > plan.Horizon ? plan.Horizon : until;
            var money = string.Create(CultureInfo.InvariantCulture, $"{plan.Frozen.Cap} {plan.Frozen.CapTop} {plan.ContactMinor} {counted:O} {shop.TimeZone} {shop.Currency}");
            return OutcomeFiles.Hash([money, .. Enumerable.Range(0, lake.Buckets).Select(b => files.Basis(b, goods))]);
        })]);
    }

    private DateTime? Freshness(DuckDBConnection connection) => connection.Query(
        $"""SELECT max("at") FROM (SELECT max("at") AS "at" FROM {lake.Source(LakeTable.Orders)} UNION ALL SELECT max("at") FROM {lake.Source(LakeTable.Events)})""",
        r => r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc))[0];

    private ExperimentSums Together(Basis basis, OutcomePlan plan, string folder, int index)
    {
        var tally = new OutcomeTally(plan, new OutcomeReader(plan, basis.Shop, basis.AsOf, basis.Freshness).Readings);
        for (var bucket = 0; bucket < lake.Buckets; bucket++)
        {
            var text = File.ReadAllText(lake.PathTo(EvaluateBucketPart.FileOf(folder, (index * lake.Buckets) + bucket)));
            tally.Add(JsonSerializer.Deserialize<OutcomePart>(text, OutcomeJson.Options)!);
        }

        using var connection = lake.Open();
        return new ExperimentSums(
            plan.Experiment, basis.AsOf, basis.Freshness, tally.Closes, true, plan.Frozen.Cap, plan.Frozen.CapTop, basis.Shop.Currency, Leaks(connection, plan, basis.Shop), tally.Epochs);
    }

    private Dictionary<string, long> Leaks(DuckDBConnection connection, OutcomePlan plan, ShopSettings shop)
    {
        const string Guest = $"o.customer_id IS NULL OR o.customer_id LIKE '{DataLake.GuestPrefix}%'";
        return connection.Query(
            $"""
            SELECT CASE WHEN {Guest} THEN 'guest' ELSE 'control' END AS kind, count(*)
            FROM (SELECT customer_id, "at" FROM {lake.CountedOrders()} WHERE campaign_id = '{plan.Experiment:D}' AND "at" < {DataLake.Moment(plan.Horizon ?? DateTime.MaxValue)}) o
            LEFT JOIN (
                SELECT *, lead(assigned_at) OVER (PARTITION BY customer_id ORDER BY assigned_at, epoch) AS until FROM ({new OutcomeTables(lake, shop, plan).Exposed("true")})) x
              ON x.customer_id = o.customer_id AND x.arm = 0 AND x.assigned_at <= o."at" AND o."at" < coalesce(x.until, TIMESTAMP '9999-12-31')
            WHERE {Guest} OR x.customer_id IS NOT NULL GROUP BY 1 ORDER BY 1
            """,
            r => (r.GetString(0), r.GetInt64(1))).ToDictionary();
    }
}
