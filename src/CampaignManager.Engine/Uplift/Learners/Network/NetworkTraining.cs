using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>What a network is trained against.</summary>
internal interface INetworkLoss
{
    /// <summary>Σ loss over rows, and its derivatives.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="outputs">Heads, rows × heads.</param>
    /// <param name="extras">Extra parameters.</param>
    /// <param name="errors">∂Σloss/∂outputs, overwritten.</param>
    /// <param name="extraErrors">∂Σloss/∂extras, overwritten.</param>
    double Of(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs, ReadOnlySpan<float> extras, Span<float> errors, Span<float> extraErrors);

    /// <summary>Σ over rows of what early stopping watches.</summary>
    double Watched(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs);
}

/// <summary>How long and how strictly a network is trained.</summary>
/// <param name="Epochs">Most passes.</param>
/// <param name="Patience">Passes without a better validation loss before stopping.</param>
/// <param name="Batch">Rows a step; a multiple of 64 wastes nothing.</param>
/// <param name="RowsAnEpoch">Most rows a pass.</param>
/// <param name="Rate">Adam's step.</param>
/// <param name="Dropout">Share of hidden units left out.</param>
/// <param name="Decay">Weight decay per parameter.</param>
/// <param name="KeepStart">Whether the untrained network may win: the answer is then a constant.</param>
internal sealed record NetworkSettings(int Epochs, int Patience, int Batch, int RowsAnEpoch, float Rate, float Dropout, float[] Decay, bool KeepStart = true)
{
    /// <summary>Sizes that depend on the data only: small tables get many short passes, big ones few long ones.</summary>
    public static NetworkSettings For(int rows, float dropout, float[] decay) =>
        new(rows < 20_000 ? 60 : rows < 200_000 ? 30 : 12, rows < 20_000 ? 8 : rows < 200_000 ? 4 : 2, rows < 20_000 ? 128 : rows < 200_000 ? 256 : 1024, 400_000, 1e-3f, dropout, decay);
}

/// <summary>A trained network.</summary>
/// <param name="Parameters">Of the best pass.</param>
/// <param name="Epochs">Passes run.</param>
/// <param name="BestEpoch">The pass kept; 0 is the start.</param>
/// <param name="ValidationLoss">Mean of what was watched at that pass; NaN without validation rows.</param>
internal sealed record TrainedNetwork(float[] Parameters, int Epochs, int BestEpoch, double ValidationLoss);

/// <summary>Mini-batch training with early stopping. A batch is cut into fixed blocks, each with its own gradient, added in order: any number of threads gives the same network.</summary>
internal sealed class NetworkTraining(FeatureMatrix x, FeatureScaler scaler, NetworkShape shape, INetworkLoss loss, NetworkSettings settings, FitContext context)
{
    private const int MostValidated = 100_000;

    private readonly NetworkBlock[] blocks = [.. Enumerable.Range(0, (settings.Batch + NetworkBlock.Rows - 1) / NetworkBlock.Rows).Select(_ => new NetworkBlock(shape))];
    private readonly float[][] transposed = [.. Enumerable.Range(0, shape.Layers).Select(l => new float[shape.Widths[l] * shape.Widths[l + 1]])];
    private readonly float[] gradient = new float[shape.Parameters];

    /// <summary>Trains from the given start.</summary>
    /// <param name="start">Parameters; left as they are.</param>
    /// <param name="training">Rows to learn from.</param>
    /// <param name="validation">Rows that decide when to stop; empty trains all passes.</param>
    public TrainedNetwork Run(float[] start, int[] training, int[] validation)
    {
        float[] parameters = [.. start];
        int[] order = [.. training], watched = Evenly(validation);
        var random = new SeededRandom(context.Seed);
        var adam = new Adam(settings.Rate, settings.Decay);
        var best = new TrainedNetwork([.. start], 0, 0, settings.KeepStart ? Validate(parameters, watched) : double.PositiveInfinity);
        int take = Math.Min(order.Length, settings.RowsAnEpoch), position = order.Length, epoch = 0;
        ulong step = 0;
        while (epoch < settings.Epochs && epoch - best.BestEpoch < settings.Patience)
        {
            epoch++;
            if (position + take > order.Length)
            {
                random.Shuffle(order.AsSpan());
                position = 0;
            }
            for (var from = position; from < position + take; from += settings.Batch)
            {
                context.Token.ThrowIfCancellationRequested();
                Gradient(parameters, order.AsMemory(from, Math.Min(settings.Batch, position + take - from)), gradient, random.Fork(++step));
                adam.Step(parameters, gradient);
            }
            position += take;
            var now = Validate(parameters, watched);
            if (watched.Length == 0 || now < best.ValidationLoss) best = new TrainedNetwork([.. parameters], epoch, epoch, now);
        }
        return best with { Epochs = epoch };
    }

    /// <summary>Gradient of the mean loss over rows (at most a batch); the answer is the mean loss.</summary>
    internal double Gradient(float[] parameters, ReadOnlyMemory<int> rows, float[] gradient, SeededRandom random)
    {
        NetworkBlock.Transpose(shape, parameters, transposed);
        var blocks = (rows.Length + NetworkBlock.Rows - 1) / NetworkBlock.Rows;
        Each(blocks, b =>
        {
            var part = rows.Span.Slice(b * NetworkBlock.Rows, Math.Min(NetworkBlock.Rows, rows.Length - b * NetworkBlock.Rows));
            var block = this.blocks[b];
            block.Read(x, scaler, part);
            block.Forward(parameters, part.Length, settings.Dropout, random.Fork((ulong)b));
            block.Loss = loss.Of(part, block.Outputs(part.Length), parameters.AsSpan(shape.ExtrasAt), block.HeadErrors(part.Length), block.Gradient.AsSpan(shape.ExtrasAt));
            block.Backward(transposed, part.Length);
        });
        double sum = 0;
        gradient.AsSpan().Clear();
        for (var b = 0; b < blocks; b++)
        {
            sum += this.blocks[b].Loss;
            TensorPrimitives.Add(gradient, this.blocks[b].Gradient, gradient);
        }
        TensorPrimitives.Multiply(gradient, 1f / rows.Length, gradient);
        return sum / rows.Length;
    }

    private double Validate(float[] parameters, int[] rows)
    {
        double sum = 0;
        var group = blocks.Length * NetworkBlock.Rows;
        for (var from = 0; from < rows.Length; from += group)
        {
            int start = from, count = Math.Min(group, rows.Length - from), blocks = (count + NetworkBlock.Rows - 1) / NetworkBlock.Rows;
            Each(blocks, b =>
            {
                ReadOnlySpan<int> part = rows.AsSpan(start + b * NetworkBlock.Rows, Math.Min(NetworkBlock.Rows, count - b * NetworkBlock.Rows));
                this.blocks[b].Read(x, scaler, part);
                this.blocks[b].Forward(parameters, part.Length);
                this.blocks[b].Loss = loss.Watched(part, this.blocks[b].Outputs(part.Length));
            });
            for (var b = 0; b < blocks; b++) sum += this.blocks[b].Loss;
        }
        return sum / rows.Length;
    }

    private void Each(int blocks, Action<int> work) => ForkJoin.For(blocks, context.Threads, work, context.Token);

    private static int[] Evenly(int[] rows)
    {
        var step = Math.Max(1, (rows.Length + MostValidated - 1) / MostValidated);
        return [.. Enumerable.Range(0, (rows.Length + step - 1) / step).Select(i => rows[i * step])];
    }
}
