using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Engine.Experiments.Decisions;

/// <summary>What a guardrail says.</summary>
public enum GuardrailVerdict
{
    /// <summary>The interval lies within the margin: no more harm than was accepted.</summary>
    NotWorse,

    /// <summary>The interval reaches beyond the margin on one side only as chance may: it is not known.</summary>
    CannotTell,

    /// <summary>The whole interval lies beyond the margin: harm is proved.</summary>
    Harm,
}

/// <summary>Non-inferiority of a metric that must not suffer, with a margin set at launch (Piaggio and others 2012).</summary>
public static class Guardrail
{
    /// <summary>The margin where none was set: a tenth of control's.</summary>
    public const double UsualMargin = 0.1;

    /// <summary>Reads the absolute interval against margin × |control|.</summary>
    /// <param name="effect">Treated − control.</param>
    /// <param name="control">Control's level.</param>
    /// <param name="margin">Relative, above 0.</param>
    /// <param name="higherIsWorse">True for returns and opt-outs, false for the margin rate.</param>
    public static GuardrailVerdict Read(EffectInterval effect, double control, double margin = UsualMargin, bool higherIsWorse = false)
    {
        ArgumentNullException.ThrowIfNull(effect);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        if (effect is not { Low: { } low, High: { } high } || !double.IsFinite(control)) return GuardrailVerdict.CannotTell;
        // In the direction of harm: both ends as losses.
        var (least, most) = higherIsWorse ? (low, high) : (-high, -low);
        var accepted = margin * Math.Abs(control);
        return least > accepted ? GuardrailVerdict.Harm : most < accepted ? GuardrailVerdict.NotWorse : GuardrailVerdict.CannotTell;
    }
}
