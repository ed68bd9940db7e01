using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>Answers a reference case by its kind.</summary>
/// <param name="move">The case's level is taken times this.</param>
internal sealed class GoldenCase(double move)
{
    public JsonNode? Answer(string kind, JsonElement input) => kind switch
    {
        "mean" => Answers.Of(Welch(input)),
        "proportion" => Proportion(input),
        "relative" => Answers.Of(Relative(input)),
        "ratio" => Answers.Of(Ratio(input)),
        "cuped" => Answers.Of(History(input)),
        "cuped-ratio" => CupedRatio(input),
        "sequence" => Answers.Of(ConfidenceSequence.Of(Number(input, "estimate"), Number(input, "se"), Count(input, "n"), Number(input, "n_star"), Alpha(input))),
        "srm" => Answers.Of(SampleRatioCheck.Of([.. input.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64())], Column.Numbers(input.GetProperty("shares")))),
        "winsorised" => Winsorised(input),
        "skew-corrected" => Skewed(input),
        "benjamini-hochberg" => Discovery(input),
        "segments" => Answers.Of(Heterogeneity.Of(Numbers(input, "effects"), Numbers(input, "standard_errors"))!),
        "total" => Total(input),
        "epochs" => Epochs(input),
        "live-update" => Live(input),
        "power" => PowerOf(input),
        "post-stratified" => Stratified(input),
        _ => null,
    };

    private static (ArmMoments Treated, ArmMoments Control) Arms(JsonElement input, string treated = "treated", string control = "control")
    {
        if (input.TryGetProperty("treated_n", out _))
        {
            return (OutcomeSums.OfProportion(Count(input, "treated_successes"), Count(input, "treated_n")).Moments(),
                OutcomeSums.OfProportion(Count(input, "control_successes"), Count(input, "control_n")).Moments());
        }

        var (one, none) = Column.Pair(Numbers(input, treated), Numbers(input, control));
        return (one.Moments(), none.Moments());
    }

    private EffectInterval Welch(JsonElement input)
    {
        var (treated, control) = Arms(input);
        return MeanDifference.Welch(treated, control, Alpha(input));
    }

    private RelativeEffect Relative(JsonElement input)
    {
        var (treated, control) = Arms(input);
        return RelativeEffect.Of(treated, control, Alpha(input));
    }

    private JsonObject Proportion(JsonElement input)
    {
        var answer = Answers.Of(Proportions.Welch(
            Count(input, "treated_successes"), Count(input, "treated_n"), Count(input, "control_successes"), Count(input, "control_n"), Alpha(input)));
        answer["newcombe"] = Answers.Of(Proportions.Newcombe(
            Count(input, "treated_successes"), Count(input, "treated_n"), Count(input, "control_successes"), Count(input, "control_n"), Alpha(input)));
        return answer;
    }

    private RatioDifference Ratio(JsonElement input)
    {
        var (m1, m0) = Column.Pair(Numbers(input, "treated_numerator"), Numbers(input, "control_numerator"));
        var (d1, d0) = Column.Pair(Numbers(input, "treated_denominator"), Numbers(input, "control_denominator"));
        return RatioDifference.Of(Column.Cross(m1, d1).Sums, Column.Cross(m0, d0).Sums, m1.Units, d1.Units, Alpha(input));
    }

    private Cuped History(JsonElement input)
    {
        var (y1, y0) = Column.Pair(Numbers(input, "treated"), Numbers(input, "control"));
        double[] pre1 = Numbers(input, "treated_pre"), pre0 = Numbers(input, "control_pre");
        var (x1, x0) = Column.Pair(Known(pre1), Known(pre0));
        var (treated, units) = Column.Cross(y1, x1, Missing(pre1));
        return Cuped.OfMean(treated, Column.Cross(y0, x0, Missing(pre0)).Sums, units, alpha: Alpha(input));
    }

    private JsonObject CupedRatio(JsonElement input)
    {
        JsonElement treated = input.GetProperty("treated"), control = input.GetProperty("control");
        (Column One, Column None)[] columns = [.. new[] { "numerator", "denominator", "numerator_pre", "denominator_pre" }
            .Select(name => Column.Pair(Known(Numbers(treated, name)), Known(Numbers(control, name))))];
        var (one, units) = Column.Cross([.. columns.Select(c => c.One), Missing(Numbers(treated, "numerator_pre"))]);
        var (none, _) = Column.Cross([.. columns.Select(c => c.None), Missing(Numbers(control, "numerator_pre"))]);
        var answer = Answers.Of(Cuped.OfRatio(one, none, units, Alpha(input)));
        answer["theta"] = answer["theta"]![0]!.DeepClone();
        return answer;
    }

    private JsonObject Winsorised(JsonElement input)
    {
        double[] treated = Numbers(input, "treated"), control = Numbers(input, "control");
        var all = treated.Concat(control).Order().ToArray();
        var cap = Sample.SortedQuantile(all, Number(input, "percentile"));
        var (one, none) = Column.Pair([.. treated.Select(v => Math.Min(v, cap))], [.. control.Select(v => Math.Min(v, cap))]);
        return new()
        {
            ["cap"] = cap,
            ["capped"] = Answers.Of(MeanDifference.Welch(one.Moments(), none.Moments(), Alpha(input))),
            ["uncapped"] = Answers.Of(Welch(input)),
            ["customers_capped"] = all.Count(v => v > cap),
            ["money_cut_share"] = all.Sum(v => Math.Max(0, v - cap)) / all.Sum(),
        };
    }

    private JsonObject Skewed(JsonElement input)
    {
        var (treated, control) = Arms(input);
        var (interval, skew) = MeanDifference.SkewCorrected(treated, control, Alpha(input));
        var answer = Answers.Of(interval);
        answer["skew"] = skew;
        return answer;
    }

    private static JsonObject Discovery(JsonElement input)
    {
        var adjusted = MultipleTests.BenjaminiHochberg(Numbers(input, "p"));
        var q = Number(input, "q");
        return new() { ["adjusted"] = new JsonArray([.. adjusted.Select(p => (JsonNode)p)]), ["kept_at_10"] = new JsonArray([.. adjusted.Select(p => (JsonNode)(p <= q))]) };
    }

    private static JsonObject Total(JsonElement input)
    {
        double[] margin = Numbers(input, "treated_margin"), discount = Numbers(input, "treated_discount");
        ArmStatistics treated = ArmStatistics.Of(margin), control = ArmStatistics.Of(Numbers(input, "control_margin")), spent = ArmStatistics.Of(discount);
        var part = ReturnPart.Of(treated, control, spent, margin.Zip(discount, (m, d) => m * d).Sum());
        return new() { ["total"] = Answers.Of(part.Margin), ["discount"] = part.Discount.Value, ["roi"] = Answers.Of(ReturnOnDiscount.Of([part])!.Value) };
    }

    private static JsonObject Epochs(JsonElement input)
    {
        var combined = CombinedEpochs.Of([.. input.GetProperty("parts").EnumerateArray().Select(part => (
            MeanDifference.Welch(Arms(part).Treated, Arms(part).Control), Count(part, "treated_n"), Count(part, "control_n")))]);
        return new()
        {
            ["total"] = combined.TotalInterval.Estimate,
            ["total_se"] = combined.TotalInterval.StandardError,
            ["df"] = combined.TotalInterval.DegreesOfFreedom,
            ["total_low"] = combined.TotalInterval.Low,
            ["total_high"] = combined.TotalInterval.High,
            ["per_customer"] = combined.PerCustomer.Estimate,
            ["per_customer_se"] = combined.PerCustomer.StandardError,
        };
    }

    private static JsonObject Live(JsonElement input)
    {
        var update = LiveUpdate.Of(Numbers(input, "draws_of_delta"), Numbers(input, "draws_of_running_effect"),
            Number(input, "tau_squared"), Number(input, "measured"), Number(input, "measured_se"));
        return new()
        {
            ["prior_mean"] = update.PriorMean,
            ["prior_sd"] = update.PriorDeviation,
            ["posterior_mean"] = update.PosteriorMean,
            ["posterior_sd"] = update.PosteriorDeviation,
        };
    }

    private JsonObject PowerOf(JsonElement input) => input.TryGetProperty("standard_deviation", out var deviation)
        ? new() { ["detectable"] = Power.DetectableMean(deviation.GetDouble(), Count(input, "treated"), Count(input, "control"), Alpha(input), Number(input, "power")) }
        : new() { ["power"] = Power.Of(Number(input, "baseline"), Number(input, "lift"), Count(input, "treated"), Count(input, "control"), Alpha(input)) };

    private static JsonObject Stratified(JsonElement input)
    {
        var effect = PostStratified.Of([.. input.GetProperty("cells").EnumerateArray().Select(cell => (
            MeanDifference.Welch(Arms(cell).Treated, Arms(cell).Control), Arms(cell).Treated.Count + Arms(cell).Control.Count))])!;
        return new() { ["estimate"] = effect.Estimate, ["se_given_sizes"] = effect.ErrorGivenSizes, ["se"] = effect.Error };
    }

    private static double[] Known(double[] values) => [.. values.Select(v => double.IsNaN(v) ? 0 : v)];

    private static Column Missing(double[] values) => Column.Of([.. values.Select(v => double.IsNaN(v) ? 1.0 : 0)]);

    private static double[] Numbers(JsonElement input, string name) => Column.Numbers(input.GetProperty(name));

    private static double Number(JsonElement input, string name) => input.GetProperty(name).GetDouble();

    private static long Count(JsonElement input, string name) => input.GetProperty(name).GetInt64();

    private double Alpha(JsonElement input) => move * (input.TryGetProperty("alpha", out var alpha) ? alpha.GetDouble() : 0.05);
}
