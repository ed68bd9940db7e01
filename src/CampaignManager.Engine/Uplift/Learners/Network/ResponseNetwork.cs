using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>The plain network: dense 128-64-1, ReLU, Adam, squared error. It predicts conversion or spend per customer, whatever the arm.</summary>
public static class ResponseNetwork
{
    /// <summary>Fits on the given rows; a fifth of the folds among them decides when to stop.</summary>
    /// <param name="x">Encoded features.</param>
    /// <param name="outcome">y per row of <paramref name="x"/>: 0/1 or money.</param>
    /// <param name="binary">Whether every outcome is 0 or 1: then predictions are kept within 0..1.</param>
    /// <param name="folds">A number from 0 a row, the same for all rows of a customer.</param>
    /// <param name="rows">Rows to learn from.</param>
    /// <param name="context">Seed, threads, cancellation.</param>
    /// <param name="fills">Per column the value that stands for "missing", NaN for none.</param>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public static ResponseModel Fit(FeatureMatrix x, double[] outcome, bool binary, int[] folds, int[] rows, FitContext context, float[]? fills = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        if (rows.Length == 0) throw new ArgumentException("There are no rows to learn from.", nameof(rows));
        var split = FoldSplit.Of(rows, folds, 1, context.Seed)[0];
        var scaler = FeatureScaler.Fit(x, split.Training, fills);
        var shape = new NetworkShape([scaler.Columns.Length, 128, 64, 1], Activation.Relu);
        double mean = split.Training.Average(row => outcome[row]), spread = Math.Sqrt(split.Training.Average(row => (outcome[row] - mean) * (outcome[row] - mean)));
        if (!(spread > 0)) spread = 1;
        var decay = new float[shape.Parameters];
        for (var layer = 0; layer < shape.Layers; layer++)
            decay.AsSpan(shape.WeightsAt(layer), shape.Widths[layer] * shape.Widths[layer + 1]).Fill((float)Math.Clamp(400.0 / rows.Length, 1e-4, 0.1));
        var training = new NetworkTraining(x, scaler, shape, new SquaredLoss(outcome, mean, spread), NetworkSettings.For(rows.Length, 0.1f, decay), context);
        var trained = training.Run(shape.Start(new SeededRandom(context.Seed)), split.Training, split.Validation);
        return new ResponseModel(scaler, shape, trained.Parameters, binary, mean, spread, trained.Epochs, trained.BestEpoch);
    }

    private sealed class SquaredLoss(double[] outcome, double mean, double spread) : INetworkLoss
    {
        public double Of(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs, ReadOnlySpan<float> extras, Span<float> errors, Span<float> extraErrors)
        {
            for (var i = 0; i < rows.Length; i++) errors[i] = (float)(outputs[i] - (outcome[rows[i]] - mean) / spread);
            return Watched(rows, outputs);
        }

        public double Watched(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
        {
            double sum = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                var miss = outputs[i] - (outcome[rows[i]] - mean) / spread;
                sum += 0.5 * miss * miss;
            }
            return sum;
        }
    }
}

/// <summary>A fitted response network. It knows no arms: both predicted outcomes are the same and its uplift is 0.</summary>
/// <param name="Scaler">Inputs.</param>
/// <param name="Shape">Of the network.</param>
/// <param name="Parameters">Of the best pass.</param>
/// <param name="Binary">Predictions are kept within 0..1.</param>
/// <param name="Mean">Outcome at head 0.</param>
/// <param name="Spread">Outcome units a unit of the head.</param>
/// <param name="Epochs">Passes run.</param>
/// <param name="BestEpoch">The pass kept.</param>
public sealed record ResponseModel(FeatureScaler Scaler, NetworkShape Shape, float[] Parameters, bool Binary, double Mean, double Spread, int Epochs, int BestEpoch) : UpliftModel
{
    /// <inheritdoc/>
    public override void Score(FeatureMatrix x, ReadOnlySpan<int> rows, Span<double> mu0, Span<double> mu1)
    {
        var block = new NetworkBlock(Shape);
        for (var from = 0; from < rows.Length; from += NetworkBlock.Rows)
        {
            var part = rows.Slice(from, Math.Min(NetworkBlock.Rows, rows.Length - from));
            block.Read(x, Scaler, part);
            block.Forward(Parameters, part.Length);
            var heads = block.Outputs(part.Length);
            for (var i = 0; i < part.Length; i++)
            {
                var predicted = Mean + Spread * heads[i];
                mu0[from + i] = mu1[from + i] = Binary ? Math.Clamp(predicted, 0, 1) : predicted;
            }
        }
    }

    /// <summary>Predicted outcome of rows, in their order.</summary>
    public double[] Predict(FeatureMatrix x, int[] rows, int threads = 1, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var predicted = new double[rows.Length];
        Predict(x, rows, predicted, new double[rows.Length], threads, token);
        return predicted;
    }
}
