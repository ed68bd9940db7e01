using System.Collections.Concurrent;
using CampaignManager.Application.Campaigns;
using CampaignManager.Application.Campaigns.Epochs;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Application.Offers;

/// <summary>
/// The live campaigns once for each combination of arms that somebody is in: few campaigns test variants at a time, so that there are few. Made when the first of its customers
/// asks, and gone with the campaigns.
/// </summary>
internal sealed class VariantSets
{
    private readonly ConcurrentDictionary<string, CompiledCampaigns> sets = new(StringComparer.Ordinal);

    public CompiledCampaigns Of(HeldOffers offers, string customer)
    {
        var arms = offers.WithVariants.Select(c => ArmOf(c, customer)).ToList();
        return arms.TrueForAll(a => a.Offer is null) ? offers.Compiled : sets.GetOrAdd(string.Join('|', arms.Select(a => a.Key)), _ => Compile(offers, arms));
    }

    private static EpochArm ArmOf(HeldCampaign campaign, string customer)
    {
        var epoch = campaign.Epoch!;
        return EpochArm.Of(epoch.Arms, epoch.Cuts.Of(epoch.Salt, customer));
    }

    private static CompiledCampaigns Compile(HeldOffers offers, List<EpochArm> arms)
    {
        var instead = offers.WithVariants.Zip(arms).Where(p => p.Second.Offer is not null).ToDictionary(p => p.First.Key, p => p.Second.Offer!);
        return CompiledCampaigns.Of(offers.ById.Values.Select(c => c.AtCheckout()).Select(
            c => instead.TryGetValue(c.Id, out var offer) ? c with { Rules = c.Rules with { Offer = offer } } : c));
    }
}
