using CampaignManager.Engine.Experiments;

namespace CampaignManager.Engine.Uplift.Observational;

/// <summary>What a log of mails or coupons has to pass before anything is said from it.</summary>
public enum LogGate
{
    /// <summary>Treatment is who was sent it, not who opened, clicked or redeemed it.</summary>
    Sent,

    /// <summary>Enough customers of both kinds who might have been of the other.</summary>
    Overlap,

    /// <summary>No effect on what they did before it was sent.</summary>
    Placebo,

    /// <summary>Alike in all that is known, once weighted.</summary>
    Balance,
}

/// <summary>Customers of a shop at the moment something was sent to some of them, not at random.</summary>
/// <param name="Before">What was known of them four weeks before: the placebo's own weeks must not be in it.</param>
/// <param name="Treated">Who was sent it.</param>
/// <param name="OrderedBefore">Who ordered in the four weeks before.</param>
/// <param name="Ordered">Who ordered in the window after.</param>
/// <param name="IsSent">Whether treatment is who was sent it.</param>
public sealed record MessageLog(Learners.FeatureMatrix Before, bool[] Treated, bool[] OrderedBefore, bool[] Ordered, bool IsSent = true);

/// <summary>What a log says and whether it may be shown. Observational: never a reason to act by itself.</summary>
/// <param name="Treated">Customers sent it.</param>
/// <param name="Control">All others.</param>
/// <param name="KeptTreated">Of those sent it, with an estimated chance within [.02, .98].</param>
/// <param name="KeptControl">The same of all others.</param>
/// <param name="Placebo">Effect on who ordered in the four weeks before, in shares of 1, with its 95 % interval; null without customers to compare.</param>
/// <param name="Imbalance">Largest |standardised mean difference| of a feature after weighting; NaN without customers to compare.</param>
/// <param name="ImbalancedFeature">Its column; below 0 where there is none.</param>
/// <param name="Effect">Difference afterwards, in shares of 1, with its 95 % interval; null without customers to compare.</param>
/// <param name="Robustness">Share of residual variance that something unmeasured would have to explain (<see cref="RobustnessValue.Of"/>); NaN without customers to compare.</param>
/// <param name="RobustnessOfInterval">The same for the interval's end.</param>
/// <param name="Failed">Gates it does not pass, in their order; empty: the effect may be shown, marked observational.</param>
public sealed record LogReading(
    int Treated, int Control, int KeptTreated, int KeptControl, DifferenceInterval? Placebo, double Imbalance, int ImbalancedFeature, DifferenceInterval? Effect,
    double Robustness, double RobustnessOfInterval, IReadOnlyList<LogGate> Failed)
{
    /// <summary>Whether the effect may be shown.</summary>
    public bool Passes => Failed.Count == 0;
}
