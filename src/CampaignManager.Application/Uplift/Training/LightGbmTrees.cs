using CampaignManager.Engine.Uplift.Learners.Trees;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>Examples to fit on: features written row by row, so that products need never stand in memory.</summary>
public interface IExamples
{
    int Count { get; }

    int Width { get; }

    void Features(int example, Span<float> into);

    double Label(int example);

    double Weight(int example);
}

/// <summary>LightGBM through ML.NET, seeded and single-threaded per fit: the same examples give the same trees, on any machine.</summary>
public static class LightGbmTrees
{
    static LightGbmTrees() => NativeThreads.WaitQuietly();

    public static TreeEnsemble Fit(IExamples examples, bool binary, BoostingSettings settings, int seed)
    {
        double sum = 0, weights = 0, first = examples.Count == 0 ? 0 : examples.Label(0);
        var constant = true;
        for (var i = 0; i < examples.Count; i++)
        {
            sum += examples.Label(i) * examples.Weight(i);
            weights += examples.Weight(i);
            constant &= examples.Label(i) == first;
        }

        if (constant || examples.Width == 0 || examples.Count < 2 * settings.SmallestLeaf)
            return TreeEnsemble.Constant(weights == 0 ? 0 : sum / weights);
        // A context that served before carries state over: only a fresh one is bit-identical.
        var context = new MLContext(seed);
        return binary ? FitBinary(context, examples, settings, seed) : FitNumber(context, examples, settings, seed);
    }

    private static TreeEnsemble FitBinary(MLContext context, IExamples examples, BoostingSettings settings, int seed)
    {
        var options = new LightGbmBinaryTrainer.Options { ExampleWeightColumnName = nameof(BinaryExample.Weight), Sigmoid = 1 };
        Apply(options, settings, seed);
        var data = View(context, examples, i => new BinaryExample { Label = examples.Label(i) > 0.5 });
        var model = context.BinaryClassification.Trainers.LightGbm(options).Fit(data).Model;
        var calibrated = (CalibratedModelParametersBase<LightGbmBinaryModelParameters, PlattCalibrator>)model;
        return Of(calibrated.SubModel.TrainedTreeEnsemble, -calibrated.Calibrator.Slope);
    }

    private static TreeEnsemble FitNumber(MLContext context, IExamples examples, BoostingSettings settings, int seed)
    {
        var options = new LightGbmRegressionTrainer.Options { ExampleWeightColumnName = nameof(NumberExample.Weight) };
        Apply(options, settings, seed);
        var data = View(context, examples, i => new NumberExample { Label = (float)examples.Label(i) });
        return Of(context.Regression.Trainers.LightGbm(options).Fit(data).Model.TrainedTreeEnsemble, 0);
    }

    private static void Apply<TOptions, TOutput, TTransformer, TModel>(LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase options, BoostingSettings settings, int seed)
        where TOptions : LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase, new()
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        options.NumberOfIterations = settings.Rounds;
        options.NumberOfLeaves = settings.Leaves;
        options.MinimumExampleCountPerLeaf = settings.SmallestLeaf;
        options.LearningRate = settings.Rate;
        options.MaximumBinCountPerFeature = 127;
        options.UseCategoricalSplit = false;
        options.HandleMissingValue = false;
        options.NumberOfThreads = 1;
        options.Deterministic = true;
        options.ForceColumnWise = true;
        options.Seed = seed;
        options.Verbose = false;
        options.Silent = true;
        options.Booster = new GradientBooster.Options
        {
            L2Regularization = settings.L2,
            FeatureFraction = settings.FeatureShare,
            SubsampleFraction = settings.RowShare,
            SubsampleFrequency = settings.RowShare < 1 ? 1 : 0,
        };
    }

    private static IDataView View<T>(MLContext context, IExamples examples, Func<int, T> make)
        where T : Example
    {
        IEnumerable<T> Rows()
        {
            for (var i = 0; i < examples.Count; i++)
            {
                var example = make(i);
                example.Features = new float[examples.Width];
                examples.Features(i, example.Features);
                example.Weight = (float)examples.Weight(i);
                yield return example;
            }
        }

        var schema = SchemaDefinition.Create(typeof(T));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, examples.Width);
        return context.Data.LoadFromEnumerable(Rows(), schema);
    }

    private static TreeEnsemble Of(RegressionTreeEnsemble ensemble, double logitSlope)
    {
        var trees = ensemble.Trees.Select((tree, i) => new Tree(
            [.. tree.NumericalSplitFeatureIndexes], [.. tree.NumericalSplitThresholds], [.. tree.LeftChild], [.. tree.RightChild],
            [.. tree.LeafValues.Select(leaf => leaf * ensemble.TreeWeights[i])])).ToList();
        return new TreeEnsemble(trees, ensemble.Bias, logitSlope);
    }

    private abstract class Example
    {
        public float[] Features { get; set; } = [];

        public float Weight { get; set; }
    }

    private sealed class BinaryExample : Example
    {
        public bool Label { get; set; }
    }

    private sealed class NumberExample : Example
    {
        public float Label { get; set; }
    }
}
