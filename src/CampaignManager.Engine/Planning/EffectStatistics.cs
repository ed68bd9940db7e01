namespace CampaignManager.Engine.Planning;

/// <summary>
/// Sufficient statistics of a least-squares projection with several targets, kept apart by customer group (for the bootstrap) and by campaign
/// (for what differs between campaigns). Adding rows is all that touches data; fitting, cross-validation, bootstrap and leaving a campaign out
/// work on these sums alone.
/// </summary>
public sealed class EffectStatistics
{
    private readonly int[] active;

    /// <summary>Makes empty sums.</summary>
    /// <param name="features">Regressors per row.</param>
    /// <param name="targets">Targets per row.</param>
    /// <param name="groups">Customer groups: every row of a customer is in one group, so groups are independent of each other.</param>
    /// <param name="campaigns">Campaigns.</param>
    public EffectStatistics(int features, int targets, int groups, int campaigns)
    {
        Features = features;
        Targets = targets;
        Groups = Make(groups);
        Campaigns = Make(campaigns);
        active = new int[features];
    }

    /// <summary>Regressors per row.</summary>
    public int Features { get; }

    /// <summary>Targets per row.</summary>
    public int Targets { get; }

    internal Sums[] Groups { get; }

    internal Sums[] Campaigns { get; }

    /// <summary>Rows added so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds one row.</summary>
    /// <param name="phi">Regressors; length <see cref="Features"/>.</param>
    /// <param name="y">Targets; length <see cref="Targets"/>; all finite.</param>
    /// <param name="group">The customer's group.</param>
    /// <param name="campaign">The campaign's index.</param>
    /// <exception cref="ArgumentException">A target is not finite.</exception>
    public void Add(ReadOnlySpan<double> phi, ReadOnlySpan<double> y, int group, int campaign)
    {
        foreach (var value in y)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException("A target is not a finite number.", nameof(y));
        }

        var count = 0;
        for (var i = 0; i < phi.Length; i++)
        {
            if (phi[i] != 0)
                active[count++] = i;
        }

        var used = active.AsSpan(0, count);
        Groups[group].Add(phi, y, used);
        Campaigns[campaign].Add(phi, y, used);
        Rows++;
    }

    private Sums[] Make(int count)
    {
        var all = new Sums[count];
        for (var i = 0; i < count; i++)
            all[i] = new Sums(Features, Targets);
        return all;
    }

    /// <summary>Σφφᵀ (upper triangle, row-major full storage), Σφy, Σy², n.</summary>
    internal sealed class Sums(int features, int targets)
    {
        public double[] Cross { get; } = new double[features * features];

        public double[] Moment { get; } = new double[targets * features];

        public double[] Square { get; } = new double[targets];

        public double Count { get; private set; }

        public void Add(ReadOnlySpan<double> phi, ReadOnlySpan<double> y, ReadOnlySpan<int> used)
        {
            foreach (var i in used)
            {
                var value = phi[i];
                var row = Cross.AsSpan(i * features, features);
                foreach (var j in used)
                    row[j] += value * phi[j];
                for (var t = 0; t < targets; t++)
                    Moment[t * features + i] += value * y[t];
            }

            for (var t = 0; t < targets; t++)
                Square[t] += y[t] * y[t];
            Count++;
        }

        public void AddScaled(Sums other, double factor)
        {
            if (factor == 0)
                return;
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(other.Cross, factor, Cross, Cross);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(other.Moment, factor, Moment, Moment);
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(other.Square, factor, Square, Square);
            Count += factor * other.Count;
        }
    }
}
