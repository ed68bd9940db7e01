using CampaignManager.Application.TrainingData.DataSets;

namespace CampaignManager.Application.Tests.TrainingData.DataSets;

public class MappingTests
{
    private static readonly string[] Header = ["id", "segment", "visit", "spend", "age", "zip"];

    [Fact]
    public void Parse_TheApisExample_ReadsEveryPart()
    {
        var mapping = MappingJson.Parse("""
            {"name": "h", "customerId": null, "treatment": {"column": "segment", "control": 0, "arms": ["1", 2]},
             "outcomes": [{"column": "visit", "kind": "binary"}, {"column": "spend", "kind": "money", "currency": "USD"}],
             "features": "rest", "categorical": ["zip"], "propensity": 0.5, "randomised": true, "split": {"column": "age", "train": "tr", "test": "te"}}
            """).Value;

        Assert.Equal(("h", null, "segment", "0"), (mapping.Name, mapping.CustomerId, mapping.Treatment.Column, mapping.Treatment.Control));
        Assert.Equal(["1", "2"], mapping.Treatment.Arms);
        Assert.Equal([new OutcomeMapping("visit", "binary"), new OutcomeMapping("spend", "money", "USD")], mapping.Outcomes);
        Assert.Null(mapping.Features);
        Assert.Equal((new PropensityMapping(0.5, null), new SplitMapping("age", "tr", "te")), (mapping.Propensity, mapping.Split));
        Assert.Equal(mapping.ToJson(), MappingJson.Parse(mapping.ToJson()).Value.ToJson());
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(", \"randomised\": null", true)]
    [InlineData(", \"randomised\": false", false)]
    public void Parse_Randomised_IsSoUnlessDenied(string said, bool randomised)
    {
        var mapping = MappingJson.Parse($$"""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"column": "v", "kind": "binary"}]{{said}}}""").Value;
        Assert.Equal((randomised, randomised), (mapping.Randomised, MappingJson.Parse(mapping.ToJson()).Value.Randomised));
    }

    [Theory]
    [InlineData("{", "mapping")]
    [InlineData("[]", "mapping")]
    [InlineData("""{"outcomes": [{"column": "v", "kind": "binary"}]}""", "mapping.treatment")]
    [InlineData("""{"treatment": {"column": "a"}, "outcomes": [{"column": "v", "kind": "binary"}]}""", "mapping.treatment.control")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": []}""", "mapping.outcomes")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"kind": "binary"}]}""", "mapping.outcomes[0].column")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"column": "v", "kind": "binary"}], "catgorical": []}""", "mapping.catgorical")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"column": "v", "kind": "binary"}], "features": "all"}""", "mapping.features")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"column": "v", "kind": "binary"}], "propensity": true}""", "mapping.propensity")]
    [InlineData("""{"treatment": {"column": "a", "control": "c"}, "outcomes": [{"column": "v", "kind": "binary"}], "randomised": "no"}""", "mapping.randomised")]
    public void Parse_Wrong_NamesThePath(string json, string path) => Assert.Equal([path], MappingJson.Parse(json).Failure!.Errors!.Keys);

    [Fact]
    public void Plan_Rest_TakesWhatHasNoOtherPart()
    {
        var plan = DataSetPlan.Of(Fitting() with { CustomerId = "id", Categorical = ["zip"] }, Header, "CNY").Value;

        Assert.Equal([("age", false), ("zip", true)], plan.Features.Select(f => (f.Source, f.Categorical)));
        Assert.Equal("CNY", plan.Outcomes[1].Outcome.Currency);
    }

    public static TheoryData<string, string> Misfits => new()
    {
        { "no column", "mapping.treatment.column" }, { "treatment is outcome", "mapping.outcomes[0].column" }, { "kind", "mapping.outcomes[0].kind" },
        { "currency", "mapping.outcomes[1].currency" }, { "control is arm", "mapping.treatment.arms" }, { "arm twice", "mapping.treatment.arms" },
        { "propensity", "mapping.propensity" }, { "propensity of what was not randomised", "mapping.propensity" }, { "categorical", "mapping.categorical" }, { "feature is outcome", "mapping.features" }, { "split", "mapping.split" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Plan_DoesNotFit_NamesThePath(string what, string path)
    {
        var good = Fitting();
        var mapping = what switch
        {
            "no column" => good with { Treatment = good.Treatment with { Column = "arm" } },
            "treatment is outcome" => good with { Outcomes = [new OutcomeMapping("segment", "binary")] },
            "kind" => good with { Outcomes = [new OutcomeMapping("visit", "count")] },
            "currency" => good with { Outcomes = [new OutcomeMapping("visit", "binary"), new OutcomeMapping("spend", "money", "XXX")] },
            "control is arm" => good with { Treatment = new TreatmentMapping("segment", "a", ["a"]) },
            "arm twice" => good with { Treatment = new TreatmentMapping("segment", "a", ["b", "b"]) },
            "propensity" => good with { Propensity = new PropensityMapping(1, null) },
            "propensity of what was not randomised" => good with { Randomised = false, Propensity = new PropensityMapping(0.5, null) },
            "categorical" => good with { Features = ["age"], Categorical = ["zip"] },
            "feature is outcome" => good with { Features = ["visit"] },
            "split" => good with { Split = new SplitMapping("zip", "a", "a") },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        Assert.Contains(path, DataSetPlan.Of(mapping, Header, "CNY").Failure!.Errors!.Keys);
    }

    private static DataSetMapping Fitting() => new()
    {
        Treatment = new TreatmentMapping("segment", "none", ["mail"]),
        Outcomes = [new OutcomeMapping("visit", "binary"), new OutcomeMapping("spend", "money")],
    };
}
