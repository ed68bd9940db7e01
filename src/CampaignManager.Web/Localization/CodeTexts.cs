namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of coupon codes.</summary>
public sealed class CodeTexts;
