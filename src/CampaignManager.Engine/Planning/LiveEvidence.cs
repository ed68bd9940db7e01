using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Planning;

/// <summary>A segment of a running experiment: net profit per customer in both arms, major units.</summary>
/// <param name="Segment">Lifecycle key.</param>
/// <param name="Treated">With the running offer.</param>
/// <param name="Control">Held out.</param>
public sealed record MeasuredSegment(string Segment, ArmMoments Treated, ArmMoments Control);

/// <summary>What a running offer was measured to bring, per customer who gets it.</summary>
/// <param name="Effect">Net profit, major units; of early entrants, reweighted by segment to whom the offer reaches now.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Customers">Customers measured, of both arms.</param>
/// <param name="Days">Their first so many days.</param>
public sealed record LiveEvidence(double Effect, double Error, long Customers, int Days)
{
    /// <summary>Fewest customers of a segment in either arm.</summary>
    public const long LeastCustomers = 30;

    // A segment of less than this share is not waited for.
    private const double Negligible = 0.01;

    /// <summary>Reweights; null where a segment that matters has not been measured enough.</summary>
    /// <param name="measured">Segments measured.</param>
    /// <param name="reached">Customers whom the offer reaches now, by segment.</param>
    /// <param name="days">First days of each customer measured.</param>
    public static LiveEvidence? Of(IReadOnlyList<MeasuredSegment> measured, IReadOnlyDictionary<string, double> reached, int days)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(reached);
        var all = reached.Values.Sum();
        var wanted = reached.Where(r => r.Value > Negligible * all).ToList();
        double whole = wanted.Sum(w => w.Value), effect = 0, variance = 0;
        long customers = 0;
        foreach (var (segment, size) in wanted)
        {
            if (measured.FirstOrDefault(m => m.Segment == segment) is not { } found
                || Math.Min(found.Treated.Count, found.Control.Count) < LeastCustomers)
            {
                return null;
            }

            var weight = size / whole;
            effect += weight * (found.Treated.Mean - found.Control.Mean);
            variance += weight * weight * (found.Treated.Variance / found.Treated.Count + found.Control.Variance / found.Control.Count);
            customers += found.Treated.Count + found.Control.Count;
        }

        return variance > 0 ? new LiveEvidence(effect, Math.Sqrt(variance), customers, days) : null;
    }
}
