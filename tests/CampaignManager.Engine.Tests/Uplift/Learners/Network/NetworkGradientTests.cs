using CampaignManager.Engine.Statistics;
using CampaignManager.Engine.Uplift.Learners;
using CampaignManager.Engine.Uplift.Learners.Network;

namespace CampaignManager.Engine.Tests.Uplift.Learners.Network;

/// <summary>The gradient against central differences of a second, plain implementation of the whole objective in double precision.</summary>
public class NetworkGradientTests
{
    private const int Rows = 150, Width = 5;

    private static readonly double[] Propensities = [0.3, 0.5, 0.7];

    [Theory]
    [InlineData(true, Activation.Elu)]
    [InlineData(false, Activation.Elu)]
    [InlineData(true, Activation.Relu)]
    [InlineData(false, Activation.Relu)]
    public void Gradient_EveryParameter_IsTheFiniteDifference(bool binary, Activation activation)
    {
        var random = new SeededRandom(5);
        var x = new FeatureMatrix(Rows, Width);
        bool[] treated = new bool[Rows];
        double[] outcome = new double[Rows], propensity = new double[Rows];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Width; j++) x.Row(i)[j] = (float)random.NextNormal();
            propensity[i] = Propensities[i % 3];
            treated[i] = random.NextDouble() < propensity[i];
            outcome[i] = binary ? random.NextInt(2) : random.NextNormal();
        }
        int[] rows = [.. Enumerable.Range(0, Rows)];
        var shape = new NetworkShape([Width, 20, 6, 3], activation, 1);
        var scaler = FeatureScaler.Fit(x, rows);
        float[] parameters = shape.Start(random);
        for (int i = 0; i < parameters.Length; i++) parameters[i] += (float)(0.2 * random.NextNormal());
        parameters[shape.ExtrasAt] = 0.3f;
        var loss = new DragonnetLoss(treated, propensity, outcome, binary, 0.5);
        var training = new NetworkTraining(x, scaler, shape, loss, new NetworkSettings(1, 1, 256, Rows, 1e-3f, 0, new float[shape.Parameters]), new FitContext(1));
        float[] gradient = new float[shape.Parameters];

        double value = training.Gradient(parameters, rows, gradient, random);

        double[] exact = [.. parameters.Select(p => (double)p)];
        Assert.Equal(Objective(exact), value, 1e-5);
        double largest = gradient.Max(Math.Abs);
        for (int p = 0; p < exact.Length; p++)
        {
            const double step = 1e-6;
            double kept = exact[p];
            exact[p] = kept + step;
            double above = Objective(exact);
            exact[p] = kept - step;
            double below = Objective(exact);
            exact[p] = kept;
            Assert.True(Math.Abs((above - below) / (2 * step) - gradient[p]) < 2e-5 * Math.Max(largest, 0.1), $"parameter {p}: {(above - below) / (2 * step)} is not {gradient[p]}");
        }

        double Objective(double[] theta)
        {
            double sum = 0;
            foreach (int row in rows)
            {
                double[] values = [.. scaler.Columns.Select(c => (double)c.Of(x.Row(row)[c.Feature]))];
                int at = 0;
                for (int layer = 0; layer < 3; layer++)
                {
                    int outputs = shape.Widths[layer + 1];
                    double[] next = new double[outputs];
                    for (int o = 0; o < outputs; o++)
                    {
                        next[o] = theta[at + values.Length * outputs + o];
                        for (int i = 0; i < values.Length; i++) next[o] += values[i] * theta[at + i * outputs + o];
                        if (layer < 2 && next[o] < 0) next[o] = activation == Activation.Relu ? 0 : Math.Exp(next[o]) - 1;
                    }
                    at += (values.Length + 1) * outputs;
                    values = next;
                }
                double e = propensity[row], y = outcome[row], head = values[0] + (treated[row] ? values[1] : 0), g = 1 / (1 + Math.Exp(-values[2]));
                double weight = treated[row] ? 0.5 / e : 0.5 / (1 - e), q = binary ? 1 / (1 + Math.Exp(-head)) : head;
                sum += weight * (binary ? -y * Math.Log(q) - (1 - y) * Math.Log(1 - q) : (y - q) * (y - q) / 2);
                sum += DragonnetLoss.Alpha * (-e * Math.Log(g) - (1 - e) * Math.Log(1 - g));
                double targeted = y - q - theta[at] * (treated[row] ? 1 / g : -1 / (1 - g));
                sum += DragonnetLoss.Beta / 2 * targeted * targeted;
            }
            return sum / rows.Length;
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 3, 16)]
    [InlineData(7, 20, 29)]
    [InlineData(64, 128, 64)]
    public void Multiply_AnyShapeAndTranspose_IsTheSumOfProducts(int rows, int inner, int columns)
    {
        var random = new SeededRandom(2);
        float[] a = Draws(rows * inner), b = Draws(inner * columns), start = Draws(columns), straight = new float[rows * columns], across = new float[rows * columns];
        float[] turned = new float[a.Length];
        for (int i = 0; i < rows; i++)
            for (int k = 0; k < inner; k++) turned[k * rows + i] = a[i * inner + k];

        MatrixProduct.Multiply(a, inner, 1, b, start, straight, rows, inner, columns);
        MatrixProduct.Multiply(turned, 1, rows, b, start, across, rows, inner, columns);

        Assert.Equal(straight, across);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = start[j];
                for (int k = 0; k < inner; k++) expected += (double)a[i * inner + k] * b[k * columns + j];
                Assert.Equal(expected, straight[i * columns + j], 1e-4);
            }
        }

        float[] Draws(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }

    [Fact]
    public void Step_TwoSteps_AreAdamsWithDecayOutsideTheGradient()
    {
        float[] parameters = [1f];
        var adam = new Adam(0.1f, [0.5f]);

        adam.Step(parameters, [2f]);
        // m̂ = 2, v̂ = 4: a step of 0.1·2/2, and 0.1·0.5·1 of decay.
        Assert.Equal(0.85f, parameters[0], 1e-6f);

        adam.Step(parameters, [-1f]);
        // m = .9·.2 − .1 = .08, m̂ = .08/.19; v = .999·.004 + .001 = .004996, v̂ = .004996/.001999.
        double expected = 0.85 - 0.1 * 0.5 * 0.85 - 0.1 * (0.08 / 0.19) / Math.Sqrt(0.004996 / 0.001999);
        Assert.Equal(expected, parameters[0], 1e-5);
    }
}
