using CampaignManager.Engine.Planning;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Planning;

public sealed class SuggestionSelectionTests
{
    [Fact]
    public void Select_ByHand_AllOfWhichAGainIsLikelyWithTheirCentralIntervals()
    {
        // With so many degrees of freedom t is normal: z = 1, 3, 1.5, −2 give P = .841, .9987, .933, .023.
        MoveValue[] moves = [Move(100), Move(300), Move(150), Move(-200)];
        var kept = SuggestionSelection.Select(moves);
        Assert.Equal([1, 2], kept.Select(s => s.Index));
        var half = 100 * StudentT.Quantile(0.95, 1e6);
        Assert.Equal([(300 - half, 300 + half), (150 - half, 150 + half)], kept.Select(s => (s.Low, s.High)));
    }

    [Fact]
    public void Select_AnyMove_IntervalAndProbabilityNeverContradict()
    {
        foreach (var freedom in (double[])[1, 3, 30, 1e6])
        {
            for (var delta = -50; delta < 5_000; delta += 7)
            {
                var move = Move(delta) with { DegreesOfFreedom = freedom };
                var kept = SuggestionSelection.Select([move]);
                Assert.Equal(move.ProbabilityPositive >= 0.9 ? 1 : 0, kept.Count);
                Assert.All(kept, k => Assert.Equal(move.ProbabilityPositive > 0.95, k.Low > 1e-9));
            }
        }
    }

    [Fact]
    public void Select_TooFewCustomers_Left() => Assert.Empty(SuggestionSelection.Select([Move(1000) with { Customers = 199 }]));

    [Fact]
    public void Select_PosteriorOfMostlyNothing_AtMostOneInTenShownIsFalse()
    {
        // True gains vary by 60 around zero and are measured with an error of 100: the posterior shrinks each to a quarter of what was
        // measured.
        const double Prior = 60 * 60, Error = 100 * 100, Shrink = Prior / (Prior + Error);
        var spread = Math.Sqrt(Shrink * Error);
        var random = new SeededRandom(11);
        var (nearly, nearlyRight, sure, sureRight) = (0, 0, 0, 0);
        for (var page = 0; page < 8_000; page++)
        {
            var truth = Enumerable.Range(0, 30).Select(_ => 60 * random.NextNormal()).ToArray();
            MoveValue[] moves = [.. truth.Select(t => new MoveValue(Shrink * (t + (100 * random.NextNormal())), spread, 1e6, 5_000))];
            foreach (var shown in SuggestionSelection.Select(moves))
            {
                var (isSure, isRight) = (moves[shown.Index].ProbabilityPositive >= 0.95, truth[shown.Index] > 0);
                (nearly, nearlyRight) = (nearly + (isSure ? 0 : 1), nearlyRight + (!isSure && isRight ? 1 : 0));
                (sure, sureRight) = (sure + (isSure ? 1 : 0), sureRight + (isSure && isRight ? 1 : 0));
            }
        }

        Assert.True(sure > 500 && nearly > 500);
        Assert.InRange((double)nearlyRight / nearly, 0.90, 0.96);
        Assert.InRange((double)sureRight / sure, 0.95, 1);
    }

    private static MoveValue Move(double delta) => new(delta, 100, 1e6, 5_000);
}
