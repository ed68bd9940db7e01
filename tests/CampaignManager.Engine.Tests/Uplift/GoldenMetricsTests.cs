using System.Globalization;
using System.Text.Json;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Engine.Tests.Uplift;

/// <summary>Reference vectors computed with scikit-uplift on 21,000 rows each, met to 1e-9.</summary>
public sealed class GoldenMetricsTests
{
    [Theory]
    [InlineData("golden_womens_tlr.csv")]
    [InlineData("golden_womens_shgb.csv")]
    [InlineData("golden_mens_tlr.csv")]
    [InlineData("golden_mens_shgb.csv")]
    public void Metrics_ReferenceVectors_EqualToNineDigits(string file)
    {
        SharedData.NeedsFile(SharedData.Golden(file));
        string[][] rows = File.ReadLines(SharedData.Golden(file)).Skip(1).Select(line => line.Split(',')).ToArray();
        double[] outcome = rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture)).ToArray();
        bool[] treated = rows.Select(row => row[2] == "1").ToArray();
        double[] score = rows.Select(row => double.Parse(row[3], CultureInfo.InvariantCulture)).ToArray();
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedData.Golden("metrics.json")));
        JsonElement expected = document.RootElement.GetProperty(file);

        UpliftMetrics metrics = new UpliftRanking(outcome, treated, score).Metrics();

        Assert.Equal(expected.GetProperty("qini").GetDouble(), metrics.Qini, 1e-9);
        Assert.Equal(expected.GetProperty("auuc").GetDouble(), metrics.Auuc, 1e-9);
        Assert.Equal(expected.GetProperty("qini_abs").GetDouble(), metrics.QiniAbs, 1e-9);
        Assert.Equal(expected.GetProperty("u10").GetDouble(), metrics.U10, 1e-9);
        Assert.Equal(expected.GetProperty("u30").GetDouble(), metrics.U30, 1e-9);
        Assert.Equal(expected.GetProperty("ate").GetDouble(), metrics.Ate, 1e-9);
    }
}
