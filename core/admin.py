from django.contrib import admin


class PortalAdminSite(admin.AdminSite):
    site_header = "Équipe VSA"
    site_title = "Équipe VSA"
    index_title = "Aujourd’hui"
