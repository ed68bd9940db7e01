using System.Collections.Concurrent;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Offers;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Experiments.Enrolment;

/// <summary>
/// The door at the checkout: who is in a live campaign's audience and not in its epoch yet is written down before the quote. It costs one write at the first entry; who was met
/// before is known here.
/// </summary>
internal sealed class QuoteEnrolment(ExposureStore store, NeverEnrolled never, TimeProvider time)
{
    /// <summary>When it is full all is forgotten: to look again is one indexed read.</summary>
    private const int MostKnown = 65_536;

    private readonly ConcurrentDictionary<string, Inside> known = new(StringComparer.Ordinal);
    private int count;
    private long writes;

    /// <summary>Entries that were written, for tests and metrics.</summary>
    internal long Writes => Interlocked.Read(ref writes);

    public ValueTask EnrolAsync(Cart cart, HeldOffers offers, CancellationToken cancel)
    {
        if (offers.Measured.Count == 0 || cart.CustomerId is not { } customer)
            return ValueTask.CompletedTask;
        var inside = known.GetValueOrDefault(customer);
        if (ReferenceEquals(inside?.Everywhere, offers))
            return ValueTask.CompletedTask;
        var (now, everywhere) = (time.GetUtcNow().UtcDateTime, true);
        List<HeldCampaign>? due = null;
        foreach (var campaign in offers.Measured)
        {
            if (inside?.Epochs.Contains(campaign.Epoch!.Id) == true)
                continue;
            everywhere = false;
            if (MayEnter(campaign, cart, now))
                (due ??= []).Add(campaign);
        }

        if (everywhere)
            inside!.Everywhere = offers;
        return due is null || offers.HoldsOutOfAll(customer, now) ? ValueTask.CompletedTask : new ValueTask(EnterAsync(customer, inside, due, cart, cancel));
    }

    /// <summary>Lets a customer in where what is known of them fits, whatever the cart will be and with or without a code: they are shown the offers.</summary>
    public async Task EnterAsync(string customer, EnrolmentMember member, IReadOnlyList<HeldCampaign> campaigns, HeldOffers offers, CancellationToken cancel)
    {
        var (inside, now) = (known.GetValueOrDefault(customer), time.GetUtcNow().UtcDateTime);
        var due = campaigns.Where(c => inside?.Epochs.Contains(c.Epoch!.Id) != true && Runs(c, now) && EnrolmentAudience.Has(c.Rules.Audience, member)).ToList();
        if (due.Count > 0 && !offers.HoldsOutOfAll(customer, now))
            await EnterAsync(customer, inside, due, null, cancel);
    }

    /// <summary>Lets a customer in to whom a code of the campaign is to be issued.</summary>
    /// <returns>False: they are held out.</returns>
    public async Task<bool> EnterForCodeAsync(HeldCampaign? campaign, HeldOffers offers, string customer, CancellationToken cancel)
    {
        if (offers.HoldsOutOfAll(customer, time.GetUtcNow().UtcDateTime))
            return false;
        if (campaign is not { Status: CampaignStatus.Live, Epoch: { Measured: true } epoch })
            return true;
        if (known.GetValueOrDefault(customer)?.Epochs.Contains(epoch.Id) != true)
            await EnterAsync(customer, known.GetValueOrDefault(customer), [campaign], null, cancel);
        return epoch.Cuts.Of(epoch.Salt, customer) != ArmCuts.Held;
    }

    private async Task EnterAsync(string customer, Inside? known, List<HeldCampaign> due, Cart? cart, CancellationToken cancel)
    {
        if (await never.HasAsync(customer, cancel))
            return;
        if (known?.Epochs is not { } inside)
        {
            inside = await store.EpochsOfAsync(customer, cancel);
            Remember(customer, inside);
            due.RemoveAll(c => inside.Contains(c.Epoch!.Id));
        }

        if (cart is not null && due.Any(c => c.TakesCode && !HasCode(c, cart)))
            await WithoutCodeAsync(due, cart, cancel);
        if (due.Count == 0)
            return;
        await store.AddAsync([.. due.Select(c => EntryOf(c, customer))], cancel);
        Interlocked.Add(ref writes, due.Count);
        Remember(customer, [.. inside, .. due.Select(c => c.Epoch!.Id)]);
    }

    /// <summary>Takes away those whose issued codes the cart has none of.</summary>
    private async Task WithoutCodeAsync(List<HeldCampaign> due, Cart cart, CancellationToken cancel)
    {
        var asked = due.Where(c => c.TakesCode && !HasCode(c, cart)).Select(c => c.Id).ToList();
        var codes = cart.Codes.SelectMany(c => (string[])[CouponCode.Normalise(c), CouponCode.NormaliseAsBefore(c)]).Distinct().ToList();
        var found = await store.WithCodesAsync(asked, codes, cancel);
        due.RemoveAll(c => asked.Contains(c.Id) && !found.Contains(c.Id));
    }

    internal static Entry EntryOf(HeldCampaign campaign, string customer)
    {
        var epoch = campaign.Epoch!;
        var arm = epoch.Cuts.Of(epoch.Salt, customer);
        return new Entry(epoch.Id, customer, customer, arm, epoch.Cuts.PropensityOf(arm));
    }

    /// <summary>What is known of the customer fits; of the cart only a code is asked for, by which people enter campaigns that take one.</summary>
    private static bool MayEnter(HeldCampaign campaign, Cart cart, DateTime now) =>
        Runs(campaign, now) && (!campaign.TakesCode || HasCode(campaign, cart) || (cart.Codes.Count > 0 && (campaign.HasIssuedCodes || campaign.Rules.Trigger.UniqueCodes)))
        && EnrolmentAudience.Has(campaign.Rules.Audience, new EnrolmentMember(cart.Segments, cart.IsNew, cart.Region));

    private static bool Runs(HeldCampaign campaign, DateTime now) => !(campaign.Interval.StartUtc > now) && !(campaign.Interval.EndUtc <= now);

    private static bool HasCode(HeldCampaign campaign, Cart cart)
    {
        for (var i = 0; campaign.Code is not null && i < cart.Codes.Count; i++)
        {
            if (CouponCode.Normalise(cart.Codes[i]) == campaign.Code)
                return true;
        }

        return false;
    }

    private void Remember(string customer, HashSet<long> epochs)
    {
        if (!known.ContainsKey(customer) && Interlocked.Increment(ref count) > MostKnown)
        {
            known.Clear();
            Volatile.Write(ref count, 1);
        }

        known[customer] = new Inside(epochs);
    }

    /// <summary>What is known of a customer; its sets are not changed.</summary>
    private sealed class Inside(HashSet<long> epochs)
    {
        public HashSet<long> Epochs => epochs;

        /// <summary>Of these campaigns the customer is in every one: nothing is left to look at.</summary>
        public HeldOffers? Everywhere { get; set; }
    }
}
