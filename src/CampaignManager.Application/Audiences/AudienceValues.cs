using CampaignManager.Application.Lake;
using CampaignManager.Engine.Audiences.Predicates;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Audiences;

/// <summary>What the shop's customers have, to be chosen from.</summary>
/// <param name="Words">By attribute the values that occur, most customers first; an attribute that nobody has is there with none.</param>
/// <param name="Flags">How many said yes, and how many no.</param>
/// <param name="Scored">Customers with a score of the model in use.</param>
public sealed record KnownValues(
    IReadOnlyDictionary<WordAttribute, IReadOnlyList<KeyCount>> Words, IReadOnlyDictionary<FlagAttribute, (long Yes, long No)> Flags, long Scored)
{
    public static KnownValues None { get; } = new(
        Enum.GetValues<WordAttribute>().ToDictionary(w => w, _ => (IReadOnlyList<KeyCount>)[]), Enum.GetValues<FlagAttribute>().ToDictionary(f => f, _ => (0L, 0L)), 0);
}

/// <summary>The values that conditions may ask for, from the facts of audiences: one scan of a few columns, once for each state of the file.</summary>
public sealed class AudienceValues(DataLake lake) : IDisposable
{
    /// <summary>More than anybody chooses from a list: of what has as many different values the most common are told.</summary>
    public const int Most = 200;

    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Stamp, KnownValues Values)? known;

    public async Task<KnownValues> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var stamp = AudienceReach.StampOf(lake, AudienceFacts.File);
            if (known is not { } last || last.Stamp != stamp)
                known = last = (stamp, stamp == "" ? KnownValues.None : await Task.Run(Read, cancellationToken));
            return last.Values;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private KnownValues Read()
    {
        using var connection = lake.Open(threads: 1);
        var facts = lake.SourceOf(AudienceFacts.File);
        return new KnownValues(
            Enum.GetValues<WordAttribute>().ToDictionary(word => word, word => Words(connection, facts, word)),
            Enum.GetValues<FlagAttribute>().ToDictionary(flag => flag, flag => Flag(connection, facts, PredicateSql.Column(flag))),
            connection.Scalar<long>($"SELECT count(score_uplift) FROM {facts}"));
    }

    private static IReadOnlyList<KeyCount> Words(DuckDBConnection connection, string facts, WordAttribute word)
    {
        // Of tags a customer has several, each of them once.
        var values = word == WordAttribute.Tags ? $"SELECT unnest(list_distinct(tags)) AS v FROM {facts}" : $"SELECT {PredicateSql.Column(word)} AS v FROM {facts}";
        return connection.Query($"SELECT v, count(*) FROM ({values}) WHERE v IS NOT NULL AND v <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {Most}", r => new KeyCount(r.GetString(0), r.GetInt64(1)));
    }

    private static (long Yes, long No) Flag(DuckDBConnection connection, string facts, string column) =>
        connection.Query($"SELECT count(*) FILTER ({column}), count(*) FILTER (NOT {column}) FROM {facts}", r => (r.GetInt64(0), r.GetInt64(1)))[0];
}
