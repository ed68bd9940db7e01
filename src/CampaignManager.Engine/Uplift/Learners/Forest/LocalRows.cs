using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CampaignManager.Engine.Uplift.Learners.Forest;

/// <summary>A tree's splitting rows, copied next to each other so that histograms read from the cache and not from a table of millions of rows.</summary>
internal sealed class LocalRows(ForestData data)
{
    private byte[] _columns = [];
    private int _count;

    /// <summary>ỹ by local row.</summary>
    public float[] Outcome { get; private set; } = [];

    /// <summary>t̃ by local row; zeros in a regression forest.</summary>
    public float[] Arm { get; private set; } = [];

    /// <summary>1 when treated.</summary>
    public byte[] Treated { get; private set; } = [];

    public int Bins(int feature) => data.Bins.Bins(feature);

    /// <summary>First bin of a feature's column.</summary>
    public ref byte Column(int feature) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_columns), (nint)feature * _count);

    public void Load(ReadOnlySpan<int> positions)
    {
        _count = positions.Length;
        if (Outcome.Length < _count) (Outcome, Arm, Treated) = (new float[_count], new float[_count], new byte[_count]);
        if (_columns.LongLength < (long)_count * data.Bins.Width) _columns = new byte[(long)_count * data.Bins.Width];
        for (int i = 0; i < _count; i++)
        {
            int p = positions[i];
            Outcome[i] = data.OutcomeResidual[p];
            if (!data.Causal) continue;
            Arm[i] = data.ArmResidual![p];
            Treated[i] = data.Treated![p] ? (byte)1 : (byte)0;
        }
        foreach (int feature in data.Splittable)
        {
            byte[] column = data.Bins.Column(feature);
            Span<byte> copy = MemoryMarshal.CreateSpan(ref Column(feature), _count);
            for (int i = 0; i < copy.Length; i++) copy[i] = column[data.Rows[positions[i]]];
        }
    }
}
