using CampaignManager.Application.Uplift.Training;
using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners.Trees;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace CampaignManager.Application.Tests.Uplift.Training;

/// <summary>Our own scoring of the trees must be what ML.NET computes.</summary>
public sealed class LightGbmTreesTests
{
    private static readonly BoostingSettings Settings = new(6, 20, 0.1, 30, 1);

    private sealed class Examples(float[][] x, double[] y) : IExamples
    {
        public int Count => x.Length;

        public int Width => x[0].Length;

        public void Features(int example, Span<float> into) => x[example].CopyTo(into);

        public double Label(int example) => y[example];

        public double Weight(int example) => 1;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    private sealed class Answer
    {
        public float Probability { get; set; }
    }

    private static (float[][] X, double[] Y) Data()
    {
        var random = new SeededRandom(8);
        var x = Enumerable.Range(0, 2000).Select(_ => new[] { (float)random.NextNormal(), (float)random.NextDouble(), random.NextInt(4) }).ToArray();
        return (x, x.Select(row => random.NextDouble() < 1 / (1 + Math.Exp(-row[0] - (row[1] > 0.5 ? 1 : 0))) ? 1.0 : 0.0).ToArray());
    }

    [Fact]
    public void Fit_Binary_ScoresAsMlNetDoes()
    {
        var (x, y) = Data();
        var ours = LightGbmTrees.Fit(new Examples(x, y), binary: true, Settings, seed: 5);

        var context = new MLContext(5);
        var data = context.Data.LoadFromEnumerable(x.Select((row, i) => new Row { Features = row, Label = y[i] == 1 }));
        var options = new LightGbmBinaryTrainer.Options
        {
            NumberOfIterations = 30,
            NumberOfLeaves = 6,
            MinimumExampleCountPerLeaf = 20,
            LearningRate = 0.1,
            MaximumBinCountPerFeature = 127,
            UseCategoricalSplit = false,
            Sigmoid = 1,
            HandleMissingValue = false,
            NumberOfThreads = 1,
            Deterministic = true,
            ForceColumnWise = true,
            Seed = 5,
            ExampleWeightColumnName = "Weight",
            Booster = new GradientBooster.Options { L2Regularization = 1 },
        };
        var model = context.BinaryClassification.Trainers.LightGbm(options).Fit(data);
        var theirs = context.Data.CreateEnumerable<Answer>(model.Transform(data), reuseRowObject: false).Select(a => (double)a.Probability).ToArray();

        Assert.NotEmpty(ours.Trees);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(theirs[i], ours.Score(x[i]), 1e-5);
    }

    [Fact]
    public void Fit_SharesOfRowsAndFeatures_AreDrawnBySeed()
    {
        var (x, y) = Data();
        var settings = Settings with { FeatureShare = 0.5, RowShare = 0.5 };
        double[] Scores(int seed) => Scored(LightGbmTrees.Fit(new Examples(x, y), binary: true, settings, seed));
        double[] Scored(TreeEnsemble trees) => [.. x.Select(row => trees.Score(row))];
        Assert.Equal(Scores(5), Scores(5));
        Assert.NotEqual(Scores(5), Scores(6));
    }

    [Fact]
    public void Fit_Number_BeatsTheMean()
    {
        var (x, _) = Data();
        var y = x.Select(row => 3.0 * row[1]).ToArray();
        var fitted = LightGbmTrees.Fit(new Examples(x, y), binary: false, Settings with { Rounds = 100 }, seed: 1);
        Assert.True(x.Select((row, i) => Math.Pow(fitted.Score(row) - y[i], 2)).Average() < 0.02);
    }

    [Fact]
    public void Fit_TooFewRows_IsTheMean()
    {
        var fitted = LightGbmTrees.Fit(new Examples([[1, 2, 3], [2, 3, 4], [3, 4, 5]], [0, 1, 1]), binary: true, Settings, seed: 1);
        Assert.Equal(2 / 3.0, fitted.Score([1, 2, 3]), 1e-12);
    }
}
