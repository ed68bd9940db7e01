using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Engine.Experiments.Decisions;

/// <summary>How the 5 % of false alarms are spent between looks and the planned end; frozen at launch.</summary>
/// <param name="Planned">n*: audience and expected entrants by the planned end; without an end those of the first 28 days.</param>
/// <param name="HasEnd">Whether an end was planned.</param>
public sealed record PeekingPlan(double Planned, bool HasEnd)
{
    /// <summary>Spent on looks: alpha of the sequence with a planned end.</summary>
    public const double LooksAlpha = 0.005;

    /// <summary>Spent on the planned end: its interval is shown at 95.5 %.</summary>
    public const double EndAlpha = 0.045;

    /// <summary>Conversions in each arm before the first look.</summary>
    public const long FirstLook = 100;

    /// <summary>Alpha of the sequence: without an end nothing is spent elsewhere.</summary>
    public double SequenceAlpha => HasEnd ? LooksAlpha : LooksAlpha + EndAlpha;

    /// <summary>d: the first days of a customer that the sequence reads, at most the attribution days.</summary>
    public static int Days(int attributionDays) => Math.Min(7, attributionDays);

    /// <summary>The sequence at a look; null before the first one.</summary>
    /// <param name="effect">Over the first d days of customers assigned at least d days ago.</param>
    /// <param name="customers">Of both arms (customer-epochs without an end).</param>
    /// <param name="treatedConversions">Conversions.</param>
    /// <param name="controlConversions">Conversions.</param>
    public Band? Look(EffectInterval effect, long customers, long treatedConversions, long controlConversions)
    {
        ArgumentNullException.ThrowIfNull(effect);
        if (Math.Min(treatedConversions, controlConversions) < FirstLook) return null;
        return ConfidenceSequence.Of(effect.Estimate, effect.StandardError, customers, Planned, SequenceAlpha) is { } s ? new Band(s.Low, s.High) : null;
    }
}
