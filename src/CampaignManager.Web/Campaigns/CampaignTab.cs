using CampaignManager.Application.Accounts;
using CampaignManager.Application.Campaigns;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Campaigns;

/// <summary>The campaign that is open on its page, for its tabs.</summary>
public sealed record OpenCampaign(CampaignView Campaign, Actor Actor, EventCallback Changed)
{
    /// <summary>Whether this person may edit its rules now.</summary>
    public bool Editable =>
        Campaign.EditorJson is null && CampaignLifecycle.Check(CampaignAction.Edit, Campaign.Status, Campaign.Stake, Actor) is null;
}

/// <summary>A tab of the campaign's page, which any feature may bring; the address calls it by its name.</summary>
public sealed record CampaignTab(
    int Order, string Name, Type Texts, string Key, Type Component, Func<OpenCampaign, Dictionary<string, object>> Parameters);

public static class CampaignTabs
{
    /// <param name="order">Tabs stand by it from left to right.</param>
    /// <param name="name">What the address calls it.</param>
    /// <param name="key">Its title in the feature's texts.</param>
    /// <param name="parameters">What the component is given.</param>
    public static IServiceCollection AddCampaignTab<TComponent, TTexts>(
        this IServiceCollection services, int order, string name, string key, Func<OpenCampaign, Dictionary<string, object>> parameters)
        where TComponent : IComponent =>
        services.AddSingleton(new CampaignTab(order, name, typeof(TTexts), key, typeof(TComponent), parameters));
}
