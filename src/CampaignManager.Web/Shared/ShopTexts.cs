namespace CampaignManager.Web.Shared;

/// <summary>Marks the texts of shop pages.</summary>
public sealed class ShopTexts;
