using CampaignManager.Application.TrainingData;
using CampaignManager.Application.Uplift.Training;

namespace CampaignManager.Application.Tests.Uplift.Training;

public sealed class FeatureEncoderTests
{
    private static UpliftTable With(params FeatureColumn[] features)
    {
        var rows = features[0].Values.Length;
        return new UpliftTable
        {
            Manifest = new UpliftTableManifest("t", ["c", "t"], []),
            Rows = new long[rows],
            CustomerIds = [.. Enumerable.Repeat("", rows)],
            Customers = new int[rows],
            CampaignIds = [.. Enumerable.Repeat("", rows)],
            Arms = new int[rows],
            Propensity = new double[rows],
            Splits = new string?[rows],
            Features = features,
            Outcomes = new Dictionary<string, double[]>(),
        };
    }

    private static FeatureColumn Number(params float[] values) => new("x_a", FeatureKind.Numeric, "a", [], values);

    [Fact]
    public void Encode_MissingNumber_LiesBelowEverythingAndIsMarked()
    {
        var table = With(Number(5, float.NaN, 9));
        var matrix = FeatureEncoder.Fit(table, [0, 1, 2]).Encode(table);
        Assert.Equal([5f, 0f], matrix.Row(0).ToArray());
        Assert.Equal([1f, 1f], matrix.Row(1).ToArray()); // 5 − (9 − 5)
    }

    [Fact]
    public void Fit_LooksOnlyAtTrainingRows()
    {
        var table = With(Number(5, 6, 1000));
        Assert.Equal(4, FeatureEncoder.Fit(table, [0, 1]).Columns[0].Fill);
    }

    [Fact]
    public void Fit_ConstantFeature_IsLeftOut() => Assert.Empty(FeatureEncoder.Fit(With(Number(2, 2, 2)), [0, 1, 2]).Columns);

    [Fact]
    public void Encode_OtherTable_FindsLevelsByName()
    {
        var words = Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? "web" : "app").ToArray();
        var encoder = FeatureEncoder.Fit(With(UpliftTableReader.Categorical("c_k", "k", words)), [.. Enumerable.Range(0, 60)]);
        // "aaa" comes before both: the other table numbers its levels differently.
        var other = With(UpliftTableReader.Categorical("c_k", "k", ["web", "aaa", null]));
        var matrix = encoder.Encode(other);
        var web = encoder.Columns.ToList().FindIndex(c => c.Level == "web");
        Assert.Equal(1, matrix.Row(0)[web]);
        Assert.Equal(1, matrix.Row(0).ToArray().Sum());
        Assert.Equal(0, matrix.Row(1).ToArray().Sum());
        Assert.Equal(0, matrix.Row(2).ToArray().Sum());
    }

    [Fact]
    public void Encode_FeatureMissingFromTheData_SaysWhich()
    {
        var encoder = FeatureEncoder.Fit(With(Number(1, 2)), [0, 1]);
        var thrown = Assert.Throws<InvalidDataException>(() => encoder.Encode(With(new FeatureColumn("x_b", FeatureKind.Numeric, "b", [], [1, 2]))));
        Assert.Contains("x_a", thrown.Message, StringComparison.Ordinal);
    }
}
