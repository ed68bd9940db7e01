using System.Text.Json.Nodes;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>What the Engine answers, by the references' names of figures.</summary>
internal static class Answers
{
    public static JsonObject Of(EffectInterval effect) => new()
    {
        ["estimate"] = effect.Estimate,
        ["se"] = effect.StandardError,
        ["df"] = effect.DegreesOfFreedom,
        ["p"] = effect.PValue,
        ["low"] = effect.Low,
        ["high"] = effect.High,
    };

    public static JsonObject Of(RelativeEffect effect)
    {
        var answer = Of(effect.Delta);
        answer["fieller"] = new JsonObject { ["bounded"] = effect.Fieller is not null, ["low"] = effect.Fieller?.Low, ["high"] = effect.Fieller?.High };
        return answer;
    }

    public static JsonObject Of(RatioDifference ratio) => new()
    {
        ["treated_ratio"] = ratio.TreatedRatio,
        ["control_ratio"] = ratio.ControlRatio,
        ["absolute"] = Of(ratio.Absolute),
        ["relative"] = Of(ratio.Relative),
    };

    public static JsonObject Of(Cuped cuped) => new()
    {
        ["theta"] = new JsonArray([.. cuped.Theta.Select(t => (JsonNode)t)]),
        ["columns"] = new JsonArray([.. cuped.Columns.Select(c => (JsonNode)c)]),
        ["unadjusted"] = Of(cuped.Unadjusted),
        ["adjusted"] = Of(cuped.Adjusted),
        ["variance_cut"] = cuped.VarianceCut,
        ["relative"] = Of(cuped.Relative),
    };

    public static JsonObject? Of(ConfidenceSequence? sequence) => sequence is null ? null : new()
    {
        ["rho_squared"] = sequence.RhoSquared,
        ["half_width"] = sequence.HalfWidth,
        ["low"] = sequence.Low,
        ["high"] = sequence.High,
        ["p"] = sequence.PValue,
    };

    public static JsonObject Of(SampleRatioCheck check) => new()
    {
        ["chi_square"] = check.Test.ChiSquare,
        ["df"] = check.Test.DegreesOfFreedom,
        ["p"] = check.Test.PValue,
        ["too_few"] = check.TooFew,
        ["alarm"] = check.Alarm,
        ["sequential"] = new JsonObject { ["log_bayes_factor"] = check.LogBayesFactor, ["p"] = check.SequentialPValue },
    };

    public static JsonObject Of(Heterogeneity h) => new()
    {
        ["q"] = h.Q,
        ["df"] = h.DegreesOfFreedom,
        ["p"] = h.PValue,
        ["common"] = h.Common,
        ["tau_squared"] = h.TauSquared,
        ["mean"] = h.Mean,
        ["shrunk"] = new JsonArray([.. h.Shrunk.Select(s => (JsonNode)s)]),
    };

    public static JsonObject Of(EffectTotal total)
    {
        var (low, high) = total.Interval();
        return new() { ["value"] = total.Value, ["se"] = Math.Sqrt(total.Variance), ["df"] = total.DegreesOfFreedom, ["low"] = low, ["high"] = high };
    }

    public static JsonObject? Of((double Low, double High)? interval) => interval is { } i ? new() { ["low"] = i.Low, ["high"] = i.High } : null;
}
