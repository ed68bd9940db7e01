using System.Text.Json;
using CampaignManager.Application.Experiments.Results;
using CampaignManager.Application.Tests.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using CampaignManager.Engine.Experiments.Estimates;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

/// <summary>A real experiment, imported as people import it: its results are the reference's figures.</summary>
public sealed class HillstromResultTests
{
    [Fact]
    public async Task Read_HillstromsFile_GivesEveryFigureThatThePageShows()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Find("golden/hillstrom_reference.json"), TestContext.Current.CancellationToken));
        var reference = document.RootElement;
        await using var room = new AnImportRoom();
        var import = await room.UploadAsync(await File.ReadAllBytesAsync(Find("hillstrom.csv"), TestContext.Current.CancellationToken), "hillstrom.csv");
        await room.StartAsync(import, (await room.Imports.InspectAsync(AnImportRoom.Marketer, import, TestContext.Current.CancellationToken)).Value.DataSet());
        var id = (await room.RunAsync(import)).ExperimentId!.Value;
        var read = await room.Get<DataSetResults>().ReadAsync(id, new DataSetReading(null, ["newbie", "zip_code", "channel"]), TestContext.Current.CancellationToken);
        var result = read.Value;
        List<string> wrong = [];

        var ratio = reference.GetProperty("srm").GetProperty("three_arms");
        Same("srm", ratio, "chi_square", result.Health.Ratios[0].Check.Test.ChiSquare);
        Same("srm", ratio, "p", result.Health.Ratios[0].Check.Test.PValue);
        foreach (var (name, label) in reference.GetProperty("arms").EnumerateObject().Where(a => a.Name != "control").Select(a => (a.Name, a.Value.GetString()!)))
        {
            var arm = reference.GetProperty("comparisons").GetProperty(name);
            var comparison = result.Now!.Comparisons.Single(c => c.Arm == label);
            foreach (var metric in comparison.Metrics)
                Metric($"{name} {metric.Metric}", arm.GetProperty(metric.Metric), metric, comparison);
            Assert.Equal(["spend", "visit", "conversion"], comparison.Metrics.Select(m => m.Metric));
            var capped = comparison.Metric("spend")!.Capped!;
            Same(name, reference.GetProperty("caps"), "q95_positive", capped.Cap);
            Effect($"{name} capped", arm.GetProperty("spend_winsorised_q95_positive").GetProperty("difference"), capped.Effect, ends: false);
            var perOrder = comparison.Ratios.Single(r => r.Metric == "spend/conversion").Difference;
            Same(name, arm.GetProperty("spend_per_conversion"), "treated_ratio", perOrder.TreatedRatio);
            Same(name, arm.GetProperty("spend_per_conversion"), "control_ratio", perOrder.ControlRatio);
            Effect($"{name} ratio", arm.GetProperty("spend_per_conversion").GetProperty("absolute"), perOrder.Absolute);
            Balances(name, arm.GetProperty("balance"), result.Health.Balance.Single(b => b.Arm == label));
        }

        Assert.Empty(wrong);

        void Metric(string what, JsonElement expected, MetricResult metric, ComparisonResult comparison)
        {
            Arm(what, expected.GetProperty("treated"), metric.Treated);
            Arm(what, expected.GetProperty("control"), metric.Control);
            Effect(what, expected.GetProperty("difference"), metric.Effect);
            Effect(what + " relative", expected.GetProperty("relative"), metric.Relative.Delta, freedom: true);
            Same(what, expected.GetProperty("relative").GetProperty("fieller"), "low", metric.Relative.Fieller?.Low);
            Same(what, expected.GetProperty("relative").GetProperty("fieller"), "high", metric.Relative.Fieller?.High);
            Same(what, expected.GetProperty("total"), "value", metric.Total.Estimate);
            Same(what, expected.GetProperty("total"), "low", metric.Total.Low);
            Same(what, expected.GetProperty("total"), "high", metric.Total.High);
            if (expected.TryGetProperty("newcombe", out var newcombe))
            {
                Same(what, newcombe, "low", metric.Newcombe?.Low);
                Same(what, newcombe, "high", metric.Newcombe?.High);
            }

            Same(what, expected.GetProperty("cuped_history"), "theta", metric.Cuped?.Theta[0]);
            Same(what, expected.GetProperty("cuped_history"), "variance_cut", metric.Cuped?.VarianceCut);
            Effect(what + " cuped", expected.GetProperty("cuped_history").GetProperty("adjusted"), metric.Cuped!.Adjusted);
            foreach (var dimension in expected.GetProperty("segments").EnumerateObject())
            {
                var shown = comparison.Segments.Single(s => s.Metric == metric.Metric && s.Dimension == dimension.Name);
                Same(what, dimension.Value.GetProperty("heterogeneity"), "q", shown.Test?.Q);
                Same(what, dimension.Value.GetProperty("heterogeneity"), "p_bh", shown.Adjusted);
                foreach (var value in dimension.Value.GetProperty("values").EnumerateObject())
                {
                    var segment = shown.Segments.Single(s => s.Segment == value.Name);
                    Effect($"{what} {value.Name}", value.Value, segment.Effect);
                    Same(what, value.Value, "p_bh", segment.Adjusted);
                }
            }
        }

        void Arm(string what, JsonElement expected, ArmFigures arm)
        {
            Same(what, expected, "n", arm.Count);
            Same(what, expected, "mean", arm.Mean);
            Same(what, expected, "var", arm.Variance);
        }

        void Effect(string what, JsonElement expected, EffectInterval effect, bool ends = true, bool freedom = true)
        {
            Same(what, expected, "estimate", effect.Estimate);
            Same(what, expected, "se", effect.StandardError);
            if (freedom)
                Same(what, expected, "df", effect.DegreesOfFreedom);
            if (!ends)
                return;
            Same(what, expected, "p", effect.PValue);
            Same(what, expected, "low", effect.Low);
            Same(what, expected, "high", effect.High);
        }

        void Balances(string what, JsonElement expected, BalanceCheck balance)
        {
            Same(what, expected.GetProperty("omnibus"), "chi_square", balance.Balance.ChiSquare);
            Same(what, expected.GetProperty("omnibus"), "df", balance.Balance.DegreesOfFreedom);
            Same(what, expected.GetProperty("omnibus"), "p", balance.Balance.PValue);
            foreach (var covariate in expected.GetProperty("covariates").EnumerateObject())
            {
                var shown = balance.Balance.Covariates[balance.Columns.ToList().IndexOf(covariate.Name)];
                Same($"{what} {covariate.Name}", covariate.Value, "difference", shown.Difference.Estimate);
                Same($"{what} {covariate.Name}", covariate.Value, "p", shown.Difference.PValue);
                Same($"{what} {covariate.Name}", covariate.Value, "standardised", shown.Standardised);
            }
        }

        void Same(string what, JsonElement expected, string field, double? actual)
        {
            var figure = expected.GetProperty(field).GetDouble();
            if (actual is not { } a || !(Math.Abs(a - figure) <= 1e-9 * Math.Max(Math.Abs(figure), Math.Abs(a))))
                wrong.Add($"{what}.{field}: {actual} instead of {figure}");
        }
    }

    private static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(file))
                return file;
        }

        Assert.Skip($"../shared/data/{name} is not there; this test needs the public data set.");
        return "";
    }
}
