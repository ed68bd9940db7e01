namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of mud pages.</summary>
public sealed class MudTexts;
