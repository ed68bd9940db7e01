using System.Runtime.InteropServices;

namespace CampaignManager.Application.TrainingData;

public enum FeatureKind
{
    Numeric,
    Categorical,
    Offer,
}

/// <summary>A feature as it stands in the table: a number, or the index of a level. Missing is NaN.</summary>
/// <param name="Name">Column name with its prefix.</param>
/// <param name="Levels">Of a categorical feature, in ordinal order; empty otherwise.</param>
/// <param name="Values">One a row.</param>
public sealed record FeatureColumn(string Name, FeatureKind Kind, string Label, IReadOnlyList<string> Levels, float[] Values);

/// <summary>The input of every learner: one row a customer and campaign, by columns.</summary>
public sealed record UpliftTable
{
    public required UpliftTableManifest Manifest { get; init; }

    /// <summary>Row ids as the source numbers them.</summary>
    public required long[] Rows { get; init; }

    public required string[] CustomerIds { get; init; }

    /// <summary>Customer clusters, dense from 0: rows of one customer share a number.</summary>
    public required int[] Customers { get; init; }

    public required string[] CampaignIds { get; init; }

    /// <summary>0 control, 1.. treated, as in the manifest.</summary>
    public required int[] Arms { get; init; }

    /// <summary>With one treated arm P(treated), with several P(own arm).</summary>
    public required double[] Propensity { get; init; }

    /// <summary>Estimated P(arm | control or arm), by treated arm from arm 1, then by row; null where the propensity is known.</summary>
    public double[][]? AgainstControl { get; init; }

    /// <summary>"train", "test" or null.</summary>
    public required string?[] Splits { get; init; }

    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>Outcomes by name, without the column's prefix.</summary>
    public required IReadOnlyDictionary<string, double[]> Outcomes { get; init; }

    public int Count => Rows.Length;

    /// <summary>How many customers have rows.</summary>
    public int CountCustomers()
    {
        var seen = new bool[Count == 0 ? 0 : Customers.Max() + 1];
        foreach (var customer in Customers)
            seen[customer] = true;
        return seen.Count(s => s);
    }

    public UpliftOutcome Outcome(string name) => Manifest.Outcomes.FirstOrDefault(o => o.Name == name)
        ?? new UpliftOutcome(name, Outcomes[name].All(value => value is 0 or 1) ? UpliftOutcome.Binary : UpliftOutcome.Money);

    /// <summary>P(arm | control or arm) per row. With several arms from the campaign's mean own-arm propensities, unless it had to be estimated.</summary>
    public double[] PropensityAgainstControl(int arm)
    {
        if (AgainstControl is not null)
            return AgainstControl[arm - 1];
        if (Manifest.Arms.Count == 2)
            return Propensity;
        var sums = new Dictionary<(string Campaign, int Arm), (double Sum, int Count)>();
        for (var i = 0; i < Count; i++)
        {
            ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (CampaignIds[i], Arms[i]), out _);
            cell = (cell.Sum + Propensity[i], cell.Count + 1);
        }

        double Mean(string campaign, int a) => sums.TryGetValue((campaign, a), out var cell) ? cell.Sum / cell.Count : 0;
        var byCampaign = CampaignIds.Distinct().ToDictionary(c => c, c => Mean(c, arm) / Math.Max(1e-12, Mean(c, arm) + Mean(c, 0)));
        return CampaignIds.Select(c => byCampaign[c]).ToArray();
    }

    /// <summary>The table of some of its rows, in their order. Customer numbers stay.</summary>
    public UpliftTable Select(IReadOnlyList<int> rows)
    {
        T[] Of<T>(T[] all) => rows.Select(i => all[i]).ToArray();
        return this with
        {
            Rows = Of(Rows),
            CustomerIds = Of(CustomerIds),
            Customers = Of(Customers),
            CampaignIds = Of(CampaignIds),
            Arms = Of(Arms),
            Propensity = Of(Propensity),
            AgainstControl = AgainstControl?.Select(Of).ToArray(),
            Splits = Of(Splits),
            Features = [.. Features.Select(f => f with { Values = Of(f.Values) })],
            Outcomes = Outcomes.ToDictionary(o => o.Key, o => Of(o.Value)),
        };
    }

    /// <summary>The same table with another division into training and held-out rows.</summary>
    /// <param name="splitOf">"train" or "test" by row id.</param>
    public UpliftTable WithSplits(Func<long, string> splitOf) => this with { Splits = [.. Rows.Select(splitOf)] };

    /// <summary>Keeps control and the named arms and renumbers them in the order given.</summary>
    public UpliftTable WithArms(IReadOnlyList<string> arms)
    {
        var kept = new[] { Manifest.Arms[0] }.Concat(arms.Where(a => a != Manifest.Arms[0])).ToList();
        if (kept.SequenceEqual(Manifest.Arms))
            return this;
        var number = Manifest.Arms.Select(a => kept.IndexOf(a)).ToArray();
        var table = Select([.. Enumerable.Range(0, Count).Where(i => number[Arms[i]] >= 0)]);
        var old = table.Arms;
        // Of several arms each row has P(own arm); with one left it must become P(treated).
        var propensity = kept.Count == 2 && Manifest.Arms.Count > 2
            ? table.PropensityAgainstControl(Manifest.Arms.ToList().IndexOf(kept[1])) : table.Propensity;
        return table with { Manifest = Manifest with { Arms = kept }, Arms = [.. old.Select(a => number[a])], Propensity = propensity };
    }

    /// <summary>SHA-256 over everything a model can learn from, so that two runs can be known to have seen the same data.</summary>
    public string Hash() => TableHash.Of(this);
}
