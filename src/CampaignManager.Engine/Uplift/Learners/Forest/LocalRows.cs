using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>A tree's splitting rows, copied next to each other so that histograms read from the cache and not from a table of millions of rows.</summary>
internal sealed class LocalRows(ForestData data)
{
    private byte[] columns = [];
    private int count;

    /// <summary>ỹ by local row.</summary>
    public float[] Outcome { get; private set; } = [];

    /// <summary>t̃ by local row; zeros in a regression forest.</summary>
    public float[] Arm { get; private set; } = [];

    /// <summary>1 when treated.</summary>
    public byte[] Treated { get; private set; } = [];

    public int Bins(int feature) => data.Bins.Bins(feature);

    /// <summary>First bin of a feature's column.</summary>
    public ref byte Column(int feature) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(columns), (nint)feature * count);

    public void Load(ReadOnlySpan<int> positions)
    {
        count = positions.Length;
        if (Outcome.Length < count) (Outcome, Arm, Treated) = (new float[count], new float[count], new byte[count]);
        if (columns.LongLength < (long)count * data.Bins.Width) columns = new byte[(long)count * data.Bins.Width];
        for (var i = 0; i < count; i++)
        {
            var p = positions[i];
            Outcome[i] = data.OutcomeResidual[p];
            if (!data.Causal) continue;
            Arm[i] = data.ArmResidual![p];
            Treated[i] = data.Treated![p] ? (byte)1 : (byte)0;
        }
        foreach (var feature in data.Splittable)
        {
            var column = data.Bins.Column(feature);
            var copy = MemoryMarshal.CreateSpan(ref Column(feature), count);
            for (var i = 0; i < copy.Length; i++) copy[i] = column[data.Rows[positions[i]]];
        }
    }
}
