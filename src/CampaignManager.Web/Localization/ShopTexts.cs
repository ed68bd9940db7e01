namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of shop pages.</summary>
public sealed class ShopTexts;
