using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class PlanningBasisTests
{
    private const int Lifecycles = 2;
    private const int Categories = 3;
    private static readonly PlanningBasis Basis = new(Lifecycles, Categories);

    // As in a shop: the best category was in scope more often than not.
    private static readonly bool[][] Scopes =
        [[true, true, true], [true, true, false], [true, false, false], [false, true, true], [true, false, true], [true, true, true], [false, false, true], [true, true, false]];

    [Fact]
    public void Fill_EveryRegressorHasABlockAndTastesStandBesideThoseInScope()
    {
        var phi = new double[Basis.Length];
        Basis.Fill(new PlanningPoint { Lifecycle = 1, Favourite = 0, Affinity = [0.5, 0.3, 0.2], ScopeAffinity = [0.5, 0, 0], ScopeShare = 0.5 }, phi);

        Assert.Equal(Basis.Length, Basis.Blocks.Count);
        Assert.Equal([1.0, 0, 0, 0, 0, 0, 1, 0, 0], phi[^18..^9]);
        Assert.Equal([1.0, 0.6, 0.4, 0, 0, 0, 1, 0.6, 0.4], phi[^9..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Effect_FollowsTasteWhateverIsInScope_WideningIsNotCredited(ulong seed)
    {
        var (difference, error) = Widened((taste, _) => 0.01 + (0.12 * taste[0]), seed);
        Assert.InRange(difference, -2.5 * error, 2.5 * error);
        Assert.InRange(difference, -0.01, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Effect_FollowsTasteInScope_WideningIsCredited(ulong seed)
    {
        var (difference, error) = Widened((_, inScope) => 0.01 + (0.12 * inScope[0]), seed);
        Assert.InRange(difference, 2 * error, 0.12 / 3 * 1.5);
    }

    /// <summary>Predicted gain from taking the first category into a scope that held the second only, over customers of both lifecycles, with its standard error.</summary>
    private static (double Difference, double Error) Widened(Func<double[], double[], double> effect, ulong seed)
    {
        const int rows = 40_000;
        var random = new SeededRandom(seed);
        var statistics = new EffectStatistics(Basis.Length, 1, 64, Scopes.Length);
        double[] phi = new double[Basis.Length], difference = new double[Basis.Length];
        for (var i = 0; i < rows; i++)
        {
            double[] taste = [-Math.Log(1 - random.NextDouble()), -Math.Log(1 - random.NextDouble()), -Math.Log(1 - random.NextDouble())];
            var sum = taste.Sum();
            taste = [.. taste.Select(t => t / sum)];
            var (campaign, lifecycle) = (i % Scopes.Length, random.NextInt(Lifecycles));
            var inScope = Within(taste, Scopes[campaign]);
            Fill(lifecycle, taste, inScope, phi);
            statistics.Add(phi, [effect(taste, inScope) + (0.35 * random.NextNormal())], random.NextInt(64), campaign);
            if (i >= 2_000)
                continue;
            Add(Within(taste, [true, true, false]), 1.0 / 2_000);
            Add(Within(taste, [false, true, false]), -1.0 / 2_000);

            void Add(double[] scope, double weight)
            {
                Fill(lifecycle, taste, scope, phi);
                for (var j = 0; j < phi.Length; j++)
                    difference[j] += weight * phi[j];
            }
        }

        var model = EffectModel.Fit(statistics, Basis.Blocks, new double[Scopes.Length]);
        return (model.Predict(0, difference), Math.Sqrt(model.Variance(0, difference)));
    }

    private static double[] Within(double[] taste, bool[] scope) => [.. taste.Select((t, c) => scope[c] ? t : 0)];

    private static void Fill(int lifecycle, double[] taste, double[] inScope, double[] phi) => Basis.Fill(
        new PlanningPoint
        {
            Lifecycle = lifecycle,
            Favourite = Array.IndexOf(taste, taste.Max()),
            Affinity = taste,
            ScopeAffinity = inScope,
            ScopeShare = inScope.Sum(),
            ThresholdToBasket = 1,
            Depth = 0.15,
            DiscountShare = 0.05,
            RecencyDays = 20,
            Frequency = 3,
            Views30 = 5,
            Carts30 = 1,
        },
        phi);
}
