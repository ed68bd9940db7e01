using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class DriftTests
{
    [Fact]
    public void Of_TwoBinsByHand_IsTheSum()
    {
        // 49.5 + ½ of 99 + 1 = ½ each; then 24.5 + ½ and 74.5 + ½ of 100: (¼ − ½) ln ½ + (¾ − ½) ln 1.5 = .173287 + .101366.
        PopulationShift shift = PopulationStability.Of([49.5, 49.5], [24.5, 74.5]);
        Assert.Equal(0.274653, shift.Value, 1e-6);
        Assert.True(shift.Drifted);
        Assert.Equal([0.25, 0.75], shift.Current);
    }

    [Fact]
    public void Of_EmptyBin_IsFinite()
    {
        // q = (9.5, .5)/10, p = (.5, 9.5)/10: 2 · .9 · ln 19 = 5.299990. The bin empty on both sides takes no part.
        PopulationShift shift = PopulationStability.Of([9, 0, 0], [0, 9, 0]);
        Assert.Equal(1.8 * Math.Log(19), shift.Value, 1e-12);
        Assert.Equal(0, shift.Reference[2]);
    }

    [Fact]
    public void Numeric_Deciles_HoldATenthEach()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        PopulationShift same = PopulationStability.Numeric(values, values);
        Assert.Equal(0, same.Value);
        Assert.All(same.Reference.Take(10), share => Assert.Equal(0.1, share, 0.001));
        // Everyone in the top tenth: nine bins fall from .1 to nearly 0.
        Assert.True(PopulationStability.Numeric(values, [950, 960, 970, 980, 990]).Drifted);
    }

    [Fact]
    public void Numeric_SameDistribution_IsNoAlarmAndAShiftOfHalfASpreadIs()
    {
        // A normal moved by d has the index ∫(p − q) ln(p/q) = d²: .25 at half a standard deviation, a little less in ten bins.
        var random = new SeededRandom(3);
        float[] then = [.. Enumerable.Range(0, 20_000).Select(_ => (float)random.NextNormal())], now = [.. Enumerable.Range(0, 20_000).Select(_ => (float)random.NextNormal())];
        Assert.InRange(PopulationStability.Numeric(then, now).Value, 0, 0.005);
        PopulationShift moved = PopulationStability.Numeric(then, [.. now.Select(v => v + 0.5f)]);
        Assert.InRange(moved.Value, 0.2, 0.26);
        Assert.True(moved.Drifted);
    }

    [Fact]
    public void Numeric_MissingAndConstant_AreSeen()
    {
        float[] constant = [.. Enumerable.Repeat(3f, 100)], half = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 3f : float.NaN)];
        Assert.Equal(0, PopulationStability.Numeric(constant, constant).Value);
        Assert.True(PopulationStability.Numeric(constant, half).Drifted);
        Assert.True(PopulationStability.Numeric(constant, [.. Enumerable.Repeat(4f, 100)]).Drifted);
        Assert.True(PopulationStability.Numeric([.. Enumerable.Repeat(float.NaN, 100)], constant).Drifted);
    }

    [Fact]
    public void Numeric_MostlyZero_MergesDeciles()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(i => i < 75 ? 0f : i)];
        Assert.Equal(0.75, PopulationStability.Numeric(values, values).Reference[0], 0.02);
    }

    [Fact]
    public void Categorical_ByHand_AndNewCategoriesShareABin()
    {
        // a, b: 3.5/5 and 1.5/5 before; 1.5/6, 1.5/6 and new 2 … before 0: three bins, q = (3.5, 1.5, .5)/5.5, p = (1.5, 1.5, 2.5)/5.5.
        PopulationShift shift = PopulationStability.Categorical(["a", "a", "a", "b"], ["a", "b", "c", "d"]);
        double expected = (-2 * Math.Log(1.5 / 3.5) + 2 * Math.Log(5)) / 5.5;
        Assert.Equal(expected, shift.Value, 1e-12);
        Assert.Equal(0, PopulationStability.Categorical(["x", "y"], ["y", "x"]).Value);
    }

    [Fact]
    public void Any_EmptyTable_Throws()
    {
        Assert.Throws<ArgumentException>(() => PopulationStability.Numeric([], [1]));
        Assert.Throws<ArgumentException>(() => PopulationStability.Categorical(["a"], []));
        Assert.Throws<ArgumentException>(() => PopulationStability.Of([1, 2], [1]));
    }
}
