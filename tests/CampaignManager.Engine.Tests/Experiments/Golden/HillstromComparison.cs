using System.Text.Json.Nodes;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Experiments.Sums;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>One e-mail against none.</summary>
internal sealed class HillstromComparison(HillstromData data, string treated, string control, double alpha)
{
    public static readonly string[] Metrics = ["visit", "conversion", "spend"];
    public static readonly string[] Dimensions = ["newbie", "zip_code", "channel"];
    private static readonly string[] Covariates = ["recency", "history", "mens", "womens", "newbie"];

    public JsonObject Answer(IEnumerable<(string Name, double Cap)> caps)
    {
        var answer = new JsonObject(Metrics.Select(m => KeyValuePair.Create(m, (JsonNode?)Metric(m))));
        foreach (var (name, cap) in caps)
            answer[$"spend_winsorised_{name}"] = Capped(cap);
        answer["spend_per_conversion"] = Answers.Of(RatioDifference.Of(
            Column.Cross(Of(treated, "spend"), Of(treated, "conversion")).Sums, Column.Cross(Of(control, "spend"), Of(control, "conversion")).Sums,
            UnitsOf("spend"), 1, alpha));
        answer["balance"] = BalanceOf();
        return answer;
    }

    private static long UnitsOf(string column) => column is "spend" or "history" ? 100 : 1;

    private Column Of(string arm, string column, (string, string)? segment = null) =>
        new(data.Column(arm, column, UnitsOf(column), segment), UnitsOf(column));

    private JsonObject Metric(string metric)
    {
        Column one = Of(treated, metric), none = Of(control, metric);
        var answer = Compare(one, none);
        var effect = MeanDifference.Welch(one.Moments(), none.Moments(), alpha);
        long n1 = one.Values.Length, n0 = none.Values.Length;
        answer["total"] = new JsonObject { ["value"] = n1 * effect.Estimate, ["low"] = n1 * effect.Low, ["high"] = n1 * effect.High };
        answer["sequence"] = new JsonObject
        {
            ["n*=5000"] = Answers.Of(ConfidenceSequence.Of(effect.Estimate, effect.StandardError, n1 + n0, 5000, alpha)),
            [$"n*={n1 + n0}"] = Answers.Of(ConfidenceSequence.Of(effect.Estimate, effect.StandardError, n1 + n0, n1 + n0, alpha)),
        };
        if (metric != "spend")
            answer["newcombe"] = Answers.Of(Proportions.Newcombe(one.Values.Sum(), n1, none.Values.Sum(), n0, alpha));
        answer["cuped_history"] = History(one, none);
        answer["segments"] = Segments(metric);
        return answer;
    }

    private JsonObject Compare(Column one, Column none)
    {
        ArmMoments m1 = one.Moments(), m0 = none.Moments();
        return new()
        {
            ["treated"] = new JsonObject { ["n"] = m1.Count, ["mean"] = m1.Mean, ["var"] = m1.Variance },
            ["control"] = new JsonObject { ["n"] = m0.Count, ["mean"] = m0.Mean, ["var"] = m0.Variance },
            ["difference"] = Answers.Of(MeanDifference.Welch(m1, m0, alpha)),
            ["relative"] = Answers.Of(RelativeEffect.Of(m1, m0, alpha)),
        };
    }

    // The cap is no whole number of cents.
    private JsonObject Capped(double cap)
    {
        var (one, none) = Column.Pair(
            [.. Of(treated, "spend").Values.Select(v => Math.Min(v / 100.0, cap))], [.. Of(control, "spend").Values.Select(v => Math.Min(v / 100.0, cap))]);
        return Compare(one, none);
    }

    private JsonObject History(Column one, Column none)
    {
        Column x1 = Of(treated, "history"), x0 = Of(control, "history"), known1 = new(new long[one.Values.Length], 1), known0 = new(new long[none.Values.Length], 1);
        var (sums1, units) = Column.Cross(one, x1, known1);
        var (sums0, _) = Column.Cross(none, x0, known0);
        var cuped = Cuped.OfMean(sums1, sums0, units, alpha: alpha);
        // Within the arms, each centred on its own mean.
        double Pooled(int a, int b) => (sums1.Covariance(a, b) * (sums1.Count - 1)) + (sums0.Covariance(a, b) * (sums0.Count - 1));
        return new()
        {
            ["theta"] = cuped.Theta[0],
            ["adjusted"] = Answers.Of(cuped.Adjusted),
            ["variance_cut"] = cuped.VarianceCut,
            ["within_arm_correlation"] = Pooled(0, 1) / Math.Sqrt(Pooled(0, 0) * Pooled(1, 1)),
        };
    }

    private JsonObject Segments(string metric)
    {
        List<JsonObject> all = [];
        var answer = new JsonObject();
        foreach (var dimension in Dimensions)
        {
            List<EffectInterval> effects = [];
            var values = new JsonObject();
            foreach (var value in data.Values(dimension))
            {
                ArmMoments one = Of(treated, metric, (dimension, value)).Moments(), none = Of(control, metric, (dimension, value)).Moments();
                effects.Add(MeanDifference.Welch(one, none, alpha));
                var cell = Answers.Of(effects[^1]);
                (cell["n1"], cell["n0"], cell["treated_mean"], cell["control_mean"]) = (one.Count, none.Count, one.Mean, none.Mean);
                all.Add(cell);
                values[value] = cell;
            }

            var differ = Heterogeneity.Of([.. effects.Select(e => e.Estimate!.Value)], [.. effects.Select(e => e.StandardError!.Value)])!;
            answer[dimension] = new JsonObject { ["values"] = values, ["heterogeneity"] = Answers.Of(differ) };
        }

        foreach (var (cell, p) in all.Zip(MultipleTests.BenjaminiHochberg([.. all.Select(c => (double)c["p"]!)])))
            cell["p_bh"] = p;
        return answer;
    }

    private JsonObject BalanceOf()
    {
        var (one, units) = Column.Cross([.. Covariates.Select(c => Of(treated, c))]);
        var balance = Balance.Of(one, Column.Cross([.. Covariates.Select(c => Of(control, c))]).Sums, units);
        return new()
        {
            ["covariates"] = new JsonObject(Covariates.Zip(balance.Covariates, (name, b) => KeyValuePair.Create(name, (JsonNode?)new JsonObject
            {
                ["difference"] = b.Difference.Estimate,
                ["p"] = b.Difference.PValue,
                ["standardised"] = b.Standardised,
            }))),
            ["omnibus"] = new JsonObject { ["chi_square"] = balance.ChiSquare, ["df"] = balance.DegreesOfFreedom, ["p"] = balance.PValue },
        };
    }
}
