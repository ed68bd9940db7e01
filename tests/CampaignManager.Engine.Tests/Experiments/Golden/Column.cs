using System.Text.Json;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>A column of a reference in whole minor units; how many decimals it takes follows from its figures.</summary>
internal sealed record Column(long[] Values, double Units)
{
    public static Column Of(params IReadOnlyList<double>[] parts) => Whole([.. parts.SelectMany(p => p)], UnitsOf(parts.SelectMany(p => p)));

    /// <summary>Two arms' columns in the same units.</summary>
    public static (Column Treated, Column Control) Pair(IReadOnlyList<double> treated, IReadOnlyList<double> control)
    {
        var units = UnitsOf(treated.Concat(control));
        return (Whole(treated, units), Whole(control, units));
    }

    public ArmMoments Moments() => OutcomeSums.Of(Values).Moments(Units);

    /// <summary>Columns of one arm side by side.</summary>
    public static (CrossSums Sums, double[] Units) Cross(params Column[] columns) =>
        (CrossSums.Of(columns.Length, Enumerable.Range(0, columns[0].Values.Length).Select(i => columns.Select(c => c.Values[i]).ToArray())),
            [.. columns.Select(c => c.Units)]);

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.Null ? double.NaN : x.GetDouble())];

    private static Column Whole(IReadOnlyList<double> values, double units) => new([.. values.Select(v => (long)Math.Round(v * units))], units);

    private static double UnitsOf(IEnumerable<double> values)
    {
        var units = 1.0;
        foreach (var value in values)
        {
            while (units < 1e9 && Math.Abs((value * units) - Math.Round(value * units)) > 1e-9 * Math.Max(1, Math.Abs(value * units)))
                units *= 10;
        }

        return units;
    }
}
