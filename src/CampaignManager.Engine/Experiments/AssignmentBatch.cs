using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Text;

namespace CampaignManager.Engine.Experiments;

/// <summary>
/// The arms of one customer in many experiments: the same SHA-256 as <see cref="Assignment"/>, eight at a time in the lanes of a vector. A quote asks for a
/// hundred of them, and one by one they took more than half of its time.
/// </summary>
internal sealed class AssignmentBatch
{
    private const int Lanes = 8;
    private const int BlockBytes = 64;

    // Ones and the length take nine bytes of the block.
    private const int LongestText = BlockBytes - 9;

    private readonly byte[] blocks = new byte[Lanes * BlockBytes];
    private readonly double[] shares = new double[Lanes];
    private readonly int[] places = new int[Lanes];
    private readonly byte[] customer = new byte[LongestText];
    private readonly uint[] heads = new uint[2 * Lanes];
    private readonly uint[] words = new uint[16 * Lanes];
    private int customerLength;
    private string customerId = "";
    private int count;

    /// <summary>Begins anew for a customer.</summary>
    public void Start(string id)
    {
        count = 0;
        if (id == customerId)
            return;
        customerId = id;
        customerLength = Encoding.UTF8.GetByteCount(id) <= LongestText ? Encoding.UTF8.GetBytes(id, customer) : LongestText + 1;
    }

    /// <summary>Asks for one arm; <paramref name="held"/> gets true at <paramref name="place"/> when it is the control, now or at <see cref="Finish"/>.</summary>
    /// <param name="salt">The experiment's salt.</param>
    /// <param name="saltBytes">The salt and a colon, as UTF-8.</param>
    /// <param name="share">Share of control.</param>
    /// <param name="place">Where the answer goes.</param>
    /// <param name="held">The answers, false before.</param>
    public void Add(string salt, byte[] saltBytes, double share, int place, bool[] held)
    {
        var length = saltBytes.Length + customerLength;
        if (length > LongestText || !Vector256.IsHardwareAccelerated)
        {
            held[place] = Assignment.IsControl(salt, customerId, share);
            return;
        }

        var block = blocks.AsSpan(count * BlockBytes, BlockBytes);
        saltBytes.CopyTo(block);
        customer.AsSpan(0, customerLength).CopyTo(block[saltBytes.Length..]);
        block[length] = 0x80;
        block[(length + 1)..^4].Clear();
        BinaryPrimitives.WriteInt32BigEndian(block[^4..], length * 8);
        (shares[count], places[count]) = (share, place);
        if (++count == Lanes)
            Finish(held);
    }

    /// <summary>Answers what is still asked.</summary>
    public void Finish(bool[] held)
    {
        if (count == 0)
            return;
        for (var lane = 0; lane < count; lane++)
        {
            var block = blocks.AsSpan(lane * BlockBytes, BlockBytes);
            for (var w = 0; w < 16; w++)
                words[w * Lanes + lane] = BinaryPrimitives.ReadUInt32BigEndian(block[(w * 4)..]);
        }

        Sha256Lanes.Heads(words, heads);
        for (var lane = 0; lane < count; lane++)
            held[places[lane]] = Assignment.ToBucket(((ulong)heads[lane] << 32) | heads[Lanes + lane]) < shares[lane];
        count = 0;
    }
}
