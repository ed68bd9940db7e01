using System.Collections.Concurrent;

namespace CampaignManager.Engine.Offers.Pricing;

/// <summary>
/// Arms of customers who were quoted lately. A customer's cart is priced anew with every change, and who is held out never changes while the same campaigns are live: it
/// is drawn once. Shared between threads; where two draw at once, one of the two is remembered, and both are right.
/// </summary>
internal sealed class KnownArms(int campaigns)
{
    /// <summary>Some megabytes with 200 campaigns. When it is full all is forgotten: drawing again costs microseconds.</summary>
    private const int Most = 16_384;

    private readonly ConcurrentDictionary<string, ArmsOfOne> known = new(StringComparer.Ordinal);
    private int count;

    /// <summary>What is known of a customer; null: nothing.</summary>
    public ArmsOfOne? Of(string customer) => known.GetValueOrDefault(customer);

    /// <summary>Adds what was drawn to what was known.</summary>
    /// <param name="customer">Whose arms.</param>
    /// <param name="before">What was known of them.</param>
    /// <param name="asked">Which campaigns' arms were drawn, by place.</param>
    /// <param name="held">Whether they are held out, by place.</param>
    public void Remember(string customer, ArmsOfOne? before, bool[] asked, bool[] held)
    {
        if (before is null && Interlocked.Increment(ref count) > Most)
        {
            known.Clear();
            Volatile.Write(ref count, 1);
        }

        known[customer] = new ArmsOfOne(campaigns, before, asked, held);
    }
}

/// <summary>Arms of one customer, a bit a campaign. Immutable.</summary>
internal sealed class ArmsOfOne
{
    private readonly ulong[] drawn;
    private readonly ulong[] control;

    public ArmsOfOne(int campaigns, ArmsOfOne? before, bool[] asked, bool[] held)
    {
        var words = (campaigns + 63) / 64;
        drawn = before is null ? new ulong[words] : [.. before.drawn];
        control = before is null ? new ulong[words] : [.. before.control];
        for (var i = 0; i < campaigns; i++)
        {
            if (!asked[i])
                continue;
            drawn[i >> 6] |= 1UL << i;
            if (held[i])
                control[i >> 6] |= 1UL << i;
        }
    }

    /// <summary>Whether the arm in the campaign of that place was drawn.</summary>
    public bool Knows(int place) => (drawn[place >> 6] >> place & 1) != 0;

    /// <summary>Whether the customer is held out of it.</summary>
    public bool IsHeld(int place) => (control[place >> 6] >> place & 1) != 0;
}
