using System.Text.Json;

namespace CampaignManager.Engine.Tests.Experiments.Golden;

/// <summary>Reference cases for the measurement of experiments, met to nine digits; where nothing can be told we say so.</summary>
public sealed class GoldenExperimentsTests
{
    [Fact]
    public void Estimates_ReferenceCases_EqualToNineDigits()
    {
        var file = SharedData.Golden("experiments.json");
        SharedData.NeedsFile(file);
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();

        var wrong = cases.SelectMany(c => Expect.Differences(
                c.GetProperty("expected"), move => new GoldenCase(move).Answer(c.GetProperty("kind").GetString()!, c.GetProperty("input")))
            .Select(difference => c.GetProperty("id").GetString() + difference)).ToList();

        Assert.NotEmpty(cases);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
