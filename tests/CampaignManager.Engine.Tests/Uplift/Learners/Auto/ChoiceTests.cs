using CampaignManager.Engine.Uplift.Learners.Auto;
using CampaignManager.Engine.Uplift.Learners.Meta;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Auto;

public sealed class ChoiceTests
{
    private const double TestShare = 0.25;

    [Fact]
    public void Of_NoDifferenceThatIsMoreThanNoise_StaysWithThePriors()
    {
        var (weights, behind, errors) = Choice.Of(Splits(800, [0.03, 0.031, 0.029], wobble: 0.05), Priors(1, 2, 1), TestShare);

        Assert.Equal(1, weights.Sum(), 1e-12);
        Assert.All(weights.Zip([0.25, 0.5, 0.25]), pair => Assert.InRange(pair.First, pair.Second - 0.08, pair.Second + 0.08));
        Assert.Equal(0, behind.Min());
        Assert.All(errors.Where((_, c) => behind[c] > 0), e => Assert.True(e > 0));
    }

    [Fact]
    public void Of_OneIsAlwaysAhead_TakesOver()
    {
        var (weights, _, _) = Choice.Of(Splits(8_000, [0.02, 0.06, 0.02], wobble: 0.004), Priors(3, 1, 3), TestShare);
        Assert.InRange(weights[1], 0.9, 1);
    }

    [Fact]
    public void Of_AheadByChanceOnFewRows_DoesNotTakeOver()
    {
        // The same lead in every split, but of a size that so few rows cannot tell from none.
        var (weights, _, _) = Choice.Of(Splits(100, [0.02, 0.03], wobble: 0), Priors(1, 1), TestShare);
        Assert.InRange(weights[1], 0.5, 0.65);
    }

    [Theory]
    [InlineData(4_000, 0.02, 1.5, 1)]
    [InlineData(4_000, 0.095, 0.5, 6)]
    [InlineData(16_000, 0.02, 0.75, 2.828)]
    [InlineData(16_000, 0.0316, 0.75, 3.497)]
    [InlineData(400_000, 0.001, 0.5, 31.62)]
    public void Caution_ByRowsOrByAClearSignal_LessPatienceAndMoreWeightForTheFlexible(int rows, double best, double patience, double growth)
    {
        var caution = Caution.Of(rows, best);
        Assert.Equal(patience, caution.Patience, 1e-3);
        Assert.Equal(growth, caution.Growth, 1e-2 * growth);
    }

    [Fact]
    public void Of_ManyRows_FlexibleCandidateStartsHigher()
    {
        AutoCandidate[] candidates = [new("stiff", new ConstantEffect(), 4), new("flexible", new ConstantEffect(), 0.5, Flexible: true)];
        double Share(int rowsAFold) => Choice.Of(Splits(rowsAFold, [0.005, 0.005], wobble: 0.001), candidates, TestShare).Weights[1];

        Assert.InRange(Share(400), 0.08, 0.14);
        Assert.InRange(Share(20_000), 0.45, 0.7);
    }

    [Fact]
    public void Worth_SmallWeights_GoAndTheRestSumsToOne()
    {
        Assert.Equal([0.5, 0, 0.5], Choice.Worth([0.48, 0.04, 0.48]));
        Assert.Equal(Enumerable.Repeat(0.04, 25), Choice.Worth([.. Enumerable.Repeat(0.04, 25)]));
    }

    [Fact]
    public void Spreads_CandidateThatTellsAlmostNobodyApart_IsNotBlownUp()
    {
        var scores = new FoldScores(3);
        double[] effects = [.. Enumerable.Range(0, 50).Select(i => (double)i)];
        scores.Add(0, [.. Enumerable.Range(0, 50)], effects, [effects, [.. effects.Select(e => e * 1e-9)], [.. effects.Select(_ => 0.5)]]);
        var spreads = scores.Spreads(scores.All);

        Assert.InRange(spreads[0], 14, 15);
        Assert.All(spreads, s => Assert.True(s > 0));
        scores = new FoldScores(3);
        scores.Add(0, [.. Enumerable.Range(0, 50)], effects, [effects, effects, [.. effects.Select(e => e * 1e-9)]]);
        Assert.Equal(spreads[0] * 0.02, scores.Spreads(scores.All)[2], 1e-9);
    }

    private static AutoCandidate[] Priors(params double[] priors) => [.. priors.Select((p, c) => new AutoCandidate($"c{c}", new ConstantEffect(), p))];

    /// <summary>Two drawings of five folds; merits as given, moved up and down by the wobble in a pattern of its own for each candidate.</summary>
    private static FoldScores.Split[] Splits(int rowsAFold, double[] merits, double wobble) =>
    [
        .. Enumerable.Range(0, 10).Select(s =>
        {
            double[] found = [.. merits.Select((m, c) => m + (wobble * Math.Cos((s * (c + 1) * 1.7) + c)))];
            return new FoldScores.Split(s / 5, new int[rowsAFold], [], [], found, found);
        }),
    ];
}
