using System.Numerics.Tensors;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>Room for one block of rows on its way through the network and back. Blocks have a fixed size, so sums over them are the same on any number of threads.</summary>
internal sealed class NetworkBlock(NetworkShape shape)
{
    /// <summary>Rows a block: activations of a 128-64 network stay in the second cache.</summary>
    public const int Rows = 64;

    private readonly float[][] values = [.. shape.Widths.Select(width => new float[Rows * width])];
    private readonly float[][] slopes = [.. shape.Widths.Select(width => new float[Rows * width])];
    private readonly float[][] errors = [.. shape.Widths.Select(width => new float[Rows * width])];
    private readonly float[] room = new float[Rows * shape.Widths.Max()];

    /// <summary>Σ over the block's rows of the gradient, laid out as the parameters.</summary>
    public float[] Gradient => field ??= new float[shape.Parameters];

    /// <summary>Σ of the loss, left here by whoever computed it.</summary>
    public double Loss { get; set; }

    /// <summary>Scaled inputs, rows × inputs, to be filled.</summary>
    public Span<float> Inputs => values[0];

    /// <summary>Heads of the rows, rows × heads.</summary>
    public ReadOnlySpan<float> Outputs(int rows) => values[^1].AsSpan(0, rows * shape.Heads);

    /// <summary>∂loss/∂heads, to be filled before <see cref="Backward"/>.</summary>
    public Span<float> HeadErrors(int rows) => errors[^1].AsSpan(0, rows * shape.Heads);

    /// <summary>Fills the inputs.</summary>
    public void Read(FeatureMatrix x, FeatureScaler scaler, ReadOnlySpan<int> rows)
    {
        var width = shape.Widths[0];
        for (var i = 0; i < rows.Length; i++) scaler.Write(x.Row(rows[i]), values[0].AsSpan(i * width, width));
    }

    /// <summary>Inputs to heads.</summary>
    /// <param name="parameters">As the shape lays them out.</param>
    /// <param name="rows">Rows in the block.</param>
    /// <param name="dropout">Share of hidden units left out; 0 when predicting.</param>
    /// <param name="random">Draws the units left out.</param>
    public void Forward(ReadOnlySpan<float> parameters, int rows, float dropout = 0, SeededRandom? random = null)
    {
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            int inputs = shape.Widths[layer], outputs = shape.Widths[layer + 1];
            MatrixProduct.Multiply(values[layer], inputs, 1, parameters.Slice(shape.WeightsAt(layer), inputs * outputs), parameters.Slice(shape.BiasesAt(layer), outputs), values[layer + 1], rows, inputs, outputs);
            if (layer == shape.Layers - 1) break;
            Activate(values[layer + 1].AsSpan(0, rows * outputs), slopes[layer + 1]);
            if (dropout > 0) Drop(values[layer + 1].AsSpan(0, rows * outputs), slopes[layer + 1], dropout, random!);
        }
    }

    /// <summary>Errors of the heads to the gradient of the layers; the extras' part is the loss's own business.</summary>
    /// <param name="transposed">Weights of every layer as outputs × inputs (<see cref="Transpose"/>).</param>
    /// <param name="rows">Rows in the block.</param>
    public void Backward(float[][] transposed, int rows)
    {
        for (var layer = shape.Layers - 1; layer >= 0; layer--)
        {
            int inputs = shape.Widths[layer], outputs = shape.Widths[layer + 1];
            Span<float> errors = this.errors[layer + 1].AsSpan(0, rows * outputs), biases = Gradient.AsSpan(shape.BiasesAt(layer), outputs);
            MatrixProduct.Multiply(values[layer], 1, inputs, errors, [], Gradient.AsSpan(shape.WeightsAt(layer), inputs * outputs), inputs, rows, outputs);
            biases.Clear();
            for (var i = 0; i < rows; i++) TensorPrimitives.Add(biases, errors.Slice(i * outputs, outputs), biases);
            if (layer == 0) break;
            var below = this.errors[layer].AsSpan(0, rows * inputs);
            MatrixProduct.Multiply(errors, outputs, 1, transposed[layer], [], below, rows, outputs, inputs);
            TensorPrimitives.Multiply(below, slopes[layer].AsSpan(0, below.Length), below);
        }
    }

    /// <summary>Weights of every layer but the first, transposed.</summary>
    public static void Transpose(NetworkShape shape, ReadOnlySpan<float> parameters, float[][] transposed)
    {
        for (var layer = 1; layer < shape.Layers; layer++)
        {
            int inputs = shape.Widths[layer], outputs = shape.Widths[layer + 1];
            var weights = parameters.Slice(shape.WeightsAt(layer), inputs * outputs);
            for (var i = 0; i < inputs; i++)
                for (var o = 0; o < outputs; o++) transposed[layer][o * inputs + i] = weights[i * outputs + o];
        }
    }

    private void Activate(Span<float> values, Span<float> slopes)
    {
        if (shape.Activation == Activation.Relu)
        {
            for (var i = 0; i < values.Length; i++) slopes[i] = values[i] > 0 ? 1 : 0;
            TensorPrimitives.Max(values, 0f, values);
            return;
        }
        var below = room.AsSpan(0, values.Length);
        TensorPrimitives.Min(values, 0f, below);
        TensorPrimitives.Exp(below, slopes);
        TensorPrimitives.Max(values, 0f, values);
        // e^min(z,0) is the slope; max(z,0) + slope − 1 the value.
        TensorPrimitives.Add(values, slopes[..values.Length], values);
        TensorPrimitives.Subtract(values, 1f, values);
    }

    // Inverted dropout (Srivastava et al. 2014): kept units are scaled up, so predicting needs no change. 16 random bits a unit.
    private void Drop(Span<float> values, Span<float> slopes, float dropout, SeededRandom random)
    {
        var limit = (uint)(dropout * 65536);
        var scale = 1 / (1 - limit / 65536f);
        var mask = room.AsSpan(0, values.Length);
        ulong bits = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if ((i & 3) == 0) bits = random.NextUInt64();
            mask[i] = ((uint)bits & 0xFFFF) < limit ? 0 : scale;
            bits >>= 16;
        }
        TensorPrimitives.Multiply(values, mask, values);
        TensorPrimitives.Multiply(slopes[..values.Length], mask, slopes);
    }
}
