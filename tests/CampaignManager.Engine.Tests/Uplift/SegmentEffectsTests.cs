using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

public sealed class SegmentEffectsTests
{
    [Fact]
    public void Estimate_ByHand_ClustersByCustomer()
    {
        // Segment 0: customer 0 has scores 1 and 3, customer 1 has 5 and 7: mean 4, cluster sums of (Γ − 4)/4 are −1 and +1, SE = sqrt(2 · 2/1) = 2.
        SegmentEffect effect = SegmentEffects.Estimate([1, 3, 5, 7, 9], [0, 0, 0, 0, -1], [0, 0, 1, 1, 2], 1)[0];
        Assert.Equal(4, effect.Effect, 1e-12);
        Assert.Equal(2, effect.StandardError, 1e-12);
        Assert.Equal(4, effect.Rows);
        Assert.Equal(2, effect.Customers);
    }

    [Fact]
    public void Estimate_EmptySegment_IsNaN()
    {
        SegmentEffect effect = SegmentEffects.Estimate([1, 2], [0, 0], [0, 1], 2)[1];
        Assert.Equal(0, effect.Rows);
        Assert.Equal(double.NaN, effect.Effect);
    }

    [Fact]
    public void Estimate_OneSegment_UsesTheNormalQuantile()
    {
        var (scores, segments, customers) = Draw(1, segments: 1, customers: 2000);
        SegmentEffect effect = SegmentEffects.Estimate(scores, segments, customers, 1, draws: 4000)[0];
        Assert.Equal(1.645, (effect.High - effect.Effect) / effect.StandardError, 0.08);
    }

    [Fact]
    public void Estimate_EightIndependentSegments_WidensToTheMaximum()
    {
        // P(max of 8 |Z| ≤ c) = 0.9 at c = Φ⁻¹((1 + 0.9^(1/8)) / 2) = 2.479.
        var (scores, segments, customers) = Draw(2, segments: 8, customers: 4000);
        SegmentEffect effect = SegmentEffects.Estimate(scores, segments, customers, 8, draws: 4000)[0];
        double expected = Normal.Quantile((1 + Math.Pow(0.9, 1 / 8.0)) / 2);
        Assert.Equal(expected, (effect.High - effect.Effect) / effect.StandardError, 0.1);
    }

    [Fact]
    public void Estimate_CustomersInSeveralSegments_LeanOnEachOther()
    {
        // Every customer has the same score in both segments: the two estimates are one, and the joint interval is no wider than a single one's.
        var random = new SeededRandom(9);
        const int customers = 1500;
        double[] scores = new double[2 * customers];
        int[] segments = new int[2 * customers], who = new int[2 * customers];
        for (int c = 0; c < customers; c++)
        {
            double score = random.NextNormal();
            for (int s = 0; s < 2; s++) (scores[2 * c + s], segments[2 * c + s], who[2 * c + s]) = (score, s, c);
        }
        SegmentEffect effect = SegmentEffects.Estimate(scores, segments, who, 2, draws: 4000)[0];
        Assert.Equal(1.645, (effect.High - effect.Effect) / effect.StandardError, 0.08);
    }

    [Fact]
    public void Estimate_SimulatedShops_JointIntervalsCover()
    {
        // Six segments, two rows a customer sharing a shock: the joint 90 % interval covers all six in about 90 % of 200 shops (band 84..96 %).
        int covered = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var (scores, segments, customers) = Draw(100 + seed, segments: 6, customers: 600);
            if (SegmentEffects.Estimate(scores, segments, customers, 6, draws: 300).All(e => e.Low <= e.Segment && e.High >= e.Segment)) covered++;
        }
        Assert.InRange(covered, 168, 192);
    }

    // Each customer has two rows in one segment with a common shock; the segment's true effect is its index.
    private static (double[] Scores, int[] Segments, int[] Customers) Draw(ulong seed, int segments, int customers)
    {
        var random = new SeededRandom(seed);
        double[] scores = new double[2 * customers];
        int[] segment = new int[2 * customers], customer = new int[2 * customers];
        for (int c = 0; c < customers; c++)
        {
            double shock = random.NextNormal();
            for (int i = 2 * c; i < 2 * c + 2; i++)
            {
                segment[i] = c % segments;
                customer[i] = c;
                scores[i] = segment[i] + shock + random.NextNormal();
            }
        }
        return (scores, segment, customer);
    }
}
