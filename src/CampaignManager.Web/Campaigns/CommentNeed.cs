namespace CampaignManager.Web.Campaigns;

/// <summary>Whether a dialog asks for a comment.</summary>
public enum CommentNeed
{
    None,
    Optional,
    Required,
}
