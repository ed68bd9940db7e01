using CampaignManager.Application.TrainingData;
using CampaignManager.Engine.Uplift;

namespace CampaignManager.Application.Uplift.Training;

/// <summary>
/// One treated arm and control: their rows, and of each the AIPW scores of its cross-fitted predictions, made once for everything that is said about the arm.
/// </summary>
internal sealed class ArmScores
{
    private readonly double[] effect, treated, propensity;

    public ArmScores(UpliftTable table, string outcome, TrainedUplift trained, int arm)
    {
        (Table, Trained, Arm, Outcome) = (table, trained, arm, table.Outcomes[outcome]);
        bool Own(int i) => table.Arms[i] == 0 || table.Arms[i] == arm;
        Rows = [.. Enumerable.Range(0, table.Count).Where(Own)];
        Train = [.. trained.Split.Train.Where(Own)];
        Test = [.. trained.Split.Test.Where(Own)];
        propensity = table.PropensityAgainstControl(arm);
        var mu1 = trained.Mu1[arm - 1];
        (effect, treated) = (new double[table.Count], new double[table.Count]);
        foreach (var i in Rows)
        {
            treated[i] = Aipw.TreatedScore(Outcome[i], table.Arms[i] != 0, propensity[i], mu1[i]);
            effect[i] = treated[i] - Control(i);
        }
    }

    public UpliftTable Table { get; }

    public TrainedUplift Trained { get; }

    /// <summary>From 1.</summary>
    public int Arm { get; }

    /// <summary>y by row of the table.</summary>
    public double[] Outcome { get; }

    /// <summary>Rows of the arm and of control, in order.</summary>
    public int[] Rows { get; }

    /// <summary>Of these the training rows.</summary>
    public int[] Train { get; }

    /// <summary>Of these the held-out rows.</summary>
    public int[] Test { get; }

    /// <summary>Γ by row of the table; 0 in rows of other arms.</summary>
    public double[] Effect => effect;

    /// <summary>Γ1 likewise.</summary>
    public double[] Treated => treated;

    /// <summary>Γ0 of a row.</summary>
    public double Control(int row) => Aipw.ControlScore(Outcome[row], Table.Arms[row] != 0, propensity[row], Trained.Mu0[Arm - 1][row]);

    /// <summary>Γ of <see cref="Rows"/>, in their order.</summary>
    public double[] EffectOfRows() => Rows.Length == effect.Length ? effect : Of(Rows, i => effect[i]);

    public double Uplift(int row) => Trained.Uplift(Arm, row);

    public double Ranking(int row) => Trained.Ranking(Arm, row);

    public int[] CustomersOf(int[] rows) => Of(rows, i => Table.Customers[i]);

    /// <summary>Something of each of these rows, in their order.</summary>
    public static T[] Of<T>(int[] rows, Func<int, T> value) => Array.ConvertAll(rows, i => value(i));

    /// <summary>Unbiased gain of treating each row: of outcomes, or of money once it is said what these bring and cost.</summary>
    public double[] Gains(int[] rows, Economics? economics) =>
        Of(rows, i => economics is null ? effect[i] : economics.Margin * effect[i] - economics.Discount * treated[i] - economics.ContactCost);
}
