using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Engine.Experiments.Estimates;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>A real experiment, every figure of the reference: Kevin Hillstrom's e-mail challenge.</summary>
public sealed class HillstromReferenceTests
{
    [Fact]
    public void Estimates_HillstromsExperiment_EveryFigureToNineDigits()
    {
        var file = SharedData.Golden("hillstrom_reference.json");
        SharedData.NeedsFile(file);
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var root = document.RootElement;
        var rows = SharedData.File(root.GetProperty("file").GetString()!);
        SharedData.NeedsFile(rows);
        var data = new HillstromData(rows);
        var arms = root.GetProperty("arms").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);

        List<string> wrong =
        [
            .. Expect.Differences(root.GetProperty("srm"), _ => SampleRatios(data, arms)),
            .. Expect.Differences(root.GetProperty("caps"), _ => Caps(data)),
            .. Expect.Differences(root.GetProperty("comparisons"), move => Comparisons(data, arms, move * root.GetProperty("alpha").GetDouble())),
        ];

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static JsonObject SampleRatios(HillstromData data, Dictionary<string, string> arms)
    {
        JsonObject Of(params string[] names)
        {
            long[] counts = [.. names.Select(n => data.Count(arms[n]))];
            var answer = Answers.Of(SampleRatioCheck.Of(counts, [.. counts.Select(_ => 1.0)]));
            answer["counts"] = new JsonObject(names.Zip(counts, (name, count) => KeyValuePair.Create(name, (JsonNode?)count)));
            return answer;
        }

        var pairs = arms.Keys.Where(name => name != "control").Select(name => KeyValuePair.Create(name, (JsonNode?)Of("control", name)));
        return new() { ["three_arms"] = Of([.. arms.Keys]), ["pairs"] = new JsonObject(pairs) };
    }

    private static (string Name, double Cap)[] CapsOf(HillstromData data)
    {
        double[] all = [.. data.Everybody("spend").Order()], positive = [.. all.Where(v => v > 0)];
        return [("q999_all", Sample.SortedQuantile(all, 0.999)), ("q99_positive", Sample.SortedQuantile(positive, 0.99)), ("q95_positive", Sample.SortedQuantile(positive, 0.95))];
    }

    private static JsonObject Caps(HillstromData data)
    {
        var spend = data.Everybody("spend");
        var caps = CapsOf(data);
        return new(caps.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)c.Cap)))
        {
            ["customers_above"] = new JsonObject(caps.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)spend.Count(v => v > c.Cap)))),
            ["positive"] = spend.Count(v => v > 0),
        };
    }

    private static JsonObject Comparisons(HillstromData data, Dictionary<string, string> arms, double alpha)
    {
        var caps = CapsOf(data);
        var comparisons = new JsonObject(arms.Keys.Where(name => name != "control")
            .Select(name => KeyValuePair.Create(name, (JsonNode?)new HillstromComparison(data, arms[name], arms["control"], alpha).Answer(caps))));
        // Whether segments differ is asked of each dimension, arm and metric at once.
        List<JsonObject> tests = [.. comparisons.SelectMany(arm => HillstromComparison.Metrics.SelectMany(metric =>
            HillstromComparison.Dimensions.Select(d => (JsonObject)arm.Value![metric]!["segments"]![d]!["heterogeneity"]!)))];
        var adjusted = MultipleTests.BenjaminiHochberg([.. tests.Select(t => (double)t["p"]!)]);
        foreach (var (test, p) in tests.Zip(adjusted))
            test["p_bh"] = p;
        return comparisons;
    }
}
