using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Observational;

namespace CampaignManager.Engine.Tests.Uplift.Observational;

public sealed class LogGatesTests
{
    private static readonly FitContext Context = new(7);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Judge_SentAtRandom_PassesAndFindsTheEffect(ulong seed)
    {
        var reading = LogGates.Judge(Log(seed, (_, _) => 0.4, effect: 0.05), Context);

        Assert.Empty(reading.Failed);
        Assert.InRange(0.05, reading.Effect!.Low, reading.Effect.High);
        Assert.True(reading.Robustness > reading.RobustnessOfInterval);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Judge_ChosenByWhatIsKnown_PassesOnceWeighted(ulong seed)
    {
        // Who ordered more was written to more often, and that is in the features.
        var reading = LogGates.Judge(Log(seed, (x, _) => 0.25 + 0.5 * x, effect: 0.05), Context);

        Assert.Empty(reading.Failed);
        Assert.InRange(0.05, reading.Effect!.Low, reading.Effect.High);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Judge_ChosenByWhatNobodyRecorded_ThePlaceboCatchesIt(ulong seed)
    {
        // Nothing was sent that works: the whole difference is whom somebody picked.
        var reading = LogGates.Judge(Log(seed, (_, u) => 0.2 + 0.5 * u, effect: 0), Context);

        Assert.Equal([LogGate.Placebo], reading.Failed);
        Assert.True(reading.Placebo!.Low > 0);
        Assert.True(reading.Effect!.Low > 0, "Without the placebo this would have passed for an effect.");
    }

    [Fact]
    public void Judge_NobodyAlikeInTheOtherArm_FailsOverlap()
    {
        var reading = LogGates.Judge(Log(8, (x, _) => x > 0.5 ? 0.999 : 0.001, effect: 0), Context);

        Assert.Contains(LogGate.Overlap, reading.Failed);
        Assert.True(reading.KeptTreated + reading.KeptControl < 0.5 * (reading.Treated + reading.Control));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(60)]
    public void Judge_ASmallShop_FailsOverlapAndSaysSo(int customers)
    {
        var reading = LogGates.Judge(Log(9, (_, _) => 0.5, effect: 0, customers), Context);

        Assert.Contains(LogGate.Overlap, reading.Failed);
        Assert.Equal(customers, reading.Treated + reading.Control);
    }

    [Fact]
    public void Judge_WhoOpened_FailsTheFirstGateWhateverTheRestSays() =>
        Assert.Equal(LogGate.Sent, LogGates.Judge(Log(1, (_, _) => 0.4, effect: 0) with { IsSent = false }, Context).Failed[0]);

    // The worked example of Cinelli and Hazlett's sensemakr (Darfur, directly harmed: t = 4.18, 783 degrees of freedom).
    [Fact]
    public void RobustnessValue_DarfurExample_AgreesWithSensemakr()
    {
        Assert.Equal(0.139, RobustnessValue.Of(4.184, 783), 0.0005);
        Assert.Equal(0.076, RobustnessValue.OfInterval(4.184, 783), 0.0005);
        Assert.Equal(0, RobustnessValue.OfInterval(1, 783));
    }

    /// <param name="chance">Of being written to, by what is known (x) and what is not (u), both 0..1.</param>
    private static MessageLog Log(ulong seed, Func<double, double, double> chance, double effect, int customers = 8_000)
    {
        var random = new SeededRandom(seed);
        var known = new FeatureMatrix(customers, 3);
        bool[] treated = new bool[customers], before = new bool[customers], after = new bool[customers];
        for (var i = 0; i < customers; i++)
        {
            double x = random.NextDouble(), u = random.NextDouble(), anyway = 0.05 + 0.15 * x + 0.2 * u;
            var row = known.Row(i);
            (row[0], row[1], row[2]) = ((float)x, (float)(x * x + 0.1 * random.NextDouble()), (float)random.NextDouble());
            treated[i] = random.NextDouble() < chance(x, u);
            before[i] = random.NextDouble() < anyway;
            after[i] = random.NextDouble() < anyway + (treated[i] ? effect : 0);
        }
        return new MessageLog(known, treated, before, after);
    }
}
