using System.Text.Json;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What is counted: everything that a part hangs on.</summary>
/// <param name="Folder">Where plans lie and sums go.</param>
/// <param name="AsOf">UTC.</param>
/// <param name="Freshness">UTC; of the last thing recorded.</param>
/// <param name="Shop">Its zone, currency and margin.</param>
/// <param name="Goods">Costs and categories, as a hash.</param>
/// <param name="Inputs">Of all plans and tables, as a hash: where they changed since an earlier try, all is counted again.</param>
internal sealed record EvaluateBuckets(string Folder, DateTime AsOf, DateTime? Freshness, ShopSettings Shop, string Goods, string Inputs);

/// <summary>One bucket of one experiment: its files, made again where they have to be, and its sums.</summary>
internal sealed class EvaluateBucketPart(DataLake lake) : IJobPart, IDisposable
{
    public const string Work = "evaluate-bucket";

    private const string PlansFile = "plans.json";

    private readonly Lock opening = new();
    private DuckDBConnection? shared;
    private IReadOnlyList<OutcomePlan>? plans;

    public int AtOnce => lake.Threads;

    public static Task WritePlansAsync(DataLake lake, string folder, IReadOnlyList<OutcomePlan> plans, CancellationToken cancel) =>
        lake.WriteTextAsync(JsonSerializer.Serialize(plans, OutcomeJson.Options), Path.Combine(folder, PlansFile), cancel);

    public static string FileOf(string folder, int part) => Path.ChangeExtension(PartFolder.FileOf(folder, part), "json");

    public async Task<object?> RunAsync(PartContext part, CancellationToken cancellationToken)
    {
        var asked = part.Arguments<EvaluateBuckets>();
        lock (opening)
        {
            plans ??= JsonSerializer.Deserialize<List<OutcomePlan>>(File.ReadAllText(lake.PathTo(Path.Combine(asked.Folder, PlansFile))), OutcomeJson.Options)!;
            shared ??= lake.Open();
        }

        var (plan, bucket) = (plans[part.Number / lake.Buckets], part.Number % lake.Buckets);
        using var own = DataLake.OpenBeside(shared);
        var sums = Count(own, plan, bucket, asked, cancellationToken);
        await lake.WriteTextAsync(JsonSerializer.Serialize(sums, OutcomeJson.Options), FileOf(asked.Folder, part.Number), cancellationToken);
        return null;
    }

    public void Dispose() => shared?.Dispose();

    private OutcomePart Count(DuckDBConnection own, OutcomePlan plan, int bucket, EvaluateBuckets asked, CancellationToken cancel)
    {
        var files = new OutcomeFiles(lake, asked.Shop, plan);
        files.Ensure(own, bucket, files.Basis(bucket, asked.Goods), cancel);
        var reader = new OutcomeReader(plan, asked.Shop, asked.AsOf, asked.Freshness);
        var (last, customers) = own.Query(
            "SELECT CASE WHEN count(*) > count(closes_at) THEN NULL ELSE max(closes_at) END, count(*) FROM customers",
            r => (r.IsDBNull(0) ? (DateTime?)null : DateTime.SpecifyKind(r.GetDateTime(0), DateTimeKind.Utc), r.GetInt64(1)))[0];
        return new OutcomePart(
            OutcomePart.RolledUp(reader.Sums(own)), [.. reader.Assigned(own)], [.. OutcomeReader.Balance(own)],
            [.. new OutcomeTables(lake, asked.Shop, plan).Mismatches(own).Select(m => new MismatchPart(m.Epoch, m.Count))], last, customers);
    }
}
